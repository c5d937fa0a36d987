"""Entities: the named things that stories speak of, one a name and type."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from schemas.assessments import EntityMention
from schemas.enums import EntityType


class EntityLinks(Struct, kw_only=True, frozen=True):
    """Where to go from here; absolute URLs."""

    self: str
    stories: str


class Entity(Struct, kw_only=True, frozen=True):
    """A named thing. `name` is how the first story that named it wrote it; case and spaces do not matter."""

    object: Literal["entity"] = "entity"
    id: str
    type: EntityType
    name: str
    created_at: datetime
    links: EntityLinks


class MentionedEntity(EntityMention, kw_only=True, frozen=True):
    """A mention in a story's verdict. `id` leads to the entity; in a draft's verdict it is null."""

    id: str | None = None  # drafts stored before there were ids must stay readable
