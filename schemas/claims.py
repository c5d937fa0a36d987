"""Claims as addressable objects: an engine's claim, with an id that is stable over a story's versions."""

from datetime import datetime
from typing import Literal

from schemas.assessments import Claim as AssessedClaim


class Claim(AssessedClaim, kw_only=True, frozen=True):
    """One claim of one story. `id` stays while the normalised sentence stays; a draft's claim has no ids."""

    object: Literal["claim"] = "claim"
    id: str | None
    story_id: str | None
    verdict_id: str | None
    source_id: str | None
    created_at: datetime


class SingleClaim(Claim, kw_only=True, frozen=True):
    """A claim at its own address. `superseded_by` is null while the story's current verdict makes the claim; else
    it is the id of that verdict, and the rest is as the verdict said that made it last.
    """

    superseded_by: str | None
