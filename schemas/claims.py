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
