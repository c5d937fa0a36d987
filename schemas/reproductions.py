"""Reproductions: what came of running the engine once more on what a verdict was made from."""

from typing import Literal

from msgspec import Struct

from schemas.assessments import EngineRef
from schemas.enums import ReproductionObstacle, ReproductionOutcome


class Reproduction(Struct, kw_only=True, frozen=True):
    """The stored article under the recorded rulings, judged once more; no page is fetched for it.

    `identical`: the assessment is the recorded one, byte for byte. `differences`: `differences` names the fields
    that differ, as JSON pointers into the verdict, at most 100 of the `differing` ones. `unavailable`: it could
    not be tried, and `obstacle` says why. `recorded` is the verdict's engine, `installed` the service's; they
    must be the same for the question to have a meaning.
    """

    object: Literal["reproduction"] = "reproduction"
    verdict_id: str
    outcome: ReproductionOutcome
    obstacle: ReproductionObstacle | None
    recorded: EngineRef
    installed: EngineRef
    differing: int
    differences: list[str]
