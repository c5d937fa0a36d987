"""Claims as separate objects, with an id that is stable across a story's versions."""

from typing import Literal

from schemas.assessments import Claim as AssessedClaim
from schemas.times import Time


class Claim(AssessedClaim, kw_only=True, frozen=True):
    """One claim of a story. `id` is stable while the normalised sentence is; drafts' claims have no ids."""

    object: Literal["claim"] = "claim"
    id: str | None
    story_id: str | None
    verdict_id: str | None
    source_id: str | None
    created_at: Time


class SingleClaim(Claim, kw_only=True, frozen=True):
    """A claim at its own URL. `superseded_by` is null while the current verdict contains the claim.

    Otherwise it is the id of the current verdict, and the other fields are as in the last verdict with the
    claim.
    """

    superseded_by: str | None
