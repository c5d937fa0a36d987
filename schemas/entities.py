"""Entities: named things in stories, one per name and type."""

from typing import Literal

from msgspec import Struct

from schemas.assessments import EntityMention
from schemas.enums import EntityType
from schemas.times import Time


class EntityLinks(Struct, kw_only=True, frozen=True):
    """Absolute URLs of related resources."""

    self: str
    stories: str


class Entity(Struct, kw_only=True, frozen=True):
    """A named thing. `name` is as the first story wrote it; case and spaces are ignored in comparisons."""

    object: Literal["entity"] = "entity"
    id: str
    type: EntityType
    name: str
    created_at: Time
    links: EntityLinks


class MentionedEntity(EntityMention, kw_only=True, frozen=True):
    """A mention in a story's verdict. `id` is the entity's id; null in a draft's verdict."""

    id: str | None = None  # default for older drafts
