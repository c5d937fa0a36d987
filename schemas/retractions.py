"""Retractions: an operator's statement, and the tombstone served instead of the story."""

from typing import Literal

from msgspec import Struct

from schemas.enums import RetractionReason
from schemas.plain_text import Paragraph
from schemas.times import Time


class StoryRetraction(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Why a story is retracted. `statement` is public and is shown instead of the story."""

    reason: RetractionReason
    statement: Paragraph


class Tombstone(Struct, kw_only=True, frozen=True):
    """The remainder of a retracted story. It has no title or URL, because they may be the reason."""

    object: Literal["tombstone"] = "tombstone"
    story_id: str
    reason: RetractionReason
    statement: str
    retracted_at: Time
