"""Retractions: what an operator says when a story is served no more, and what stands in its place."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from schemas.enums import RetractionReason
from schemas.plain_text import Paragraph


class StoryRetraction(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Why a story is retracted. `statement` is public: it stands where the story stood."""

    reason: RetractionReason
    statement: Paragraph


class Tombstone(Struct, kw_only=True, frozen=True):
    """What is left of a retracted story. Neither its title nor its address is in it: they may be the reason."""

    object: Literal["tombstone"] = "tombstone"
    story_id: str
    reason: RetractionReason
    statement: str
    retracted_at: datetime
