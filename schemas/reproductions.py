"""Reproductions: the result of running the engine again on a verdict's input."""

from typing import Literal

from msgspec import Struct

from schemas.assessments import EngineRef
from schemas.enums import ReproductionObstacle, ReproductionOutcome


class Reproduction(Struct, kw_only=True, frozen=True):
    """The stored article scored again under the recorded rulings; no page is fetched.

    `identical`: the assessment equals the recorded one byte for byte. `differences`: `differences` names up to
    100 of the `differing` fields, as JSON pointers into the verdict. `unavailable`: `obstacle` gives the reason.
    `recorded` is the verdict's engine, `installed` the service's; a reproduction needs them to be equal.
    """

    object: Literal["reproduction"] = "reproduction"
    verdict_id: str
    outcome: ReproductionOutcome
    obstacle: ReproductionObstacle | None
    recorded: EngineRef
    installed: EngineRef
    differing: int
    differences: list[str]
