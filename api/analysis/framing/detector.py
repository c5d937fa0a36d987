"""What a detector is: one idea of how a text steers, with examples on both sides, and the places it finds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from api.analysis.text.document import Text
from schemas.enums import SpinType


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """Characters [start, end) at which a detector sees framing.

    `loaded` tells that the words themselves carry it, so that they may be listed as a loaded term; a hit on
    a sentence's build or on two things side by side does not. `share`: how much of a place it is, in thousandths.
    """

    start: int
    end: int
    loaded: bool = True
    share: int = 1_000


@dataclass(frozen=True, kw_only=True)
class Detector:
    """One rule. `type` and `tactic` are None for what stands outside the six types.

    `counts` is False where its findings are only reported, and change nothing.

    `explanation` is a sentence in which `{words}` stands for the place's own words. `finds` and `passes` are
    texts in which it must find something, and nothing: at least two each, held by a test. A learned one has none.
    """

    code: str
    type: SpinType | None
    tactic: str | None
    label: str
    explanation: str
    finds: tuple[str, ...]
    passes: tuple[str, ...]
    find: Callable[[Text], Iterator[Hit]]
    counts: bool = True
