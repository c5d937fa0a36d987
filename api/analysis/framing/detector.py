"""The types `Detector`, a rule that recognises one kind of framing, and `Hit`, a place that it finds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from api.analysis.text.document import Text
from schemas.enums import SpinType


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """Characters [start, end) with framing.

    `loaded`: the words themselves carry the framing and may be listed as a loaded term; False for a hit on
    sentence structure or on two phrases in combination. `share`: the weight of the hit, in thousandths.
    """

    start: int
    end: int
    loaded: bool = True
    share: int = 1_000


@dataclass(frozen=True, kw_only=True)
class Detector:
    """One rule. `type` and `tactic` are None for rules outside the six types.

    If `counts` is False, findings are only reported and change nothing. In `explanation`, `{words}` stands for
    the words found, of which it is true anywhere. `charge` says more, and replaces it in a text whose own type is
    the rule's. If `asks_figure`, the explanation adds that the sentence has none. `finds` and `passes` are texts
    with and without a hit: at least two each, verified by a test; none for a learned detector.
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
    charge: str | None = None
    asks_figure: bool = False
