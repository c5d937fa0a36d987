"""Results of models as plain values: measures of the whole text, and terms that a reader may find loaded."""

from dataclasses import dataclass

Places = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Measure:
    """One feature of one document. `places` are the counted (start, end)."""

    code: str
    value: float
    places: Places


@dataclass(frozen=True, slots=True)
class TaggedTerm:
    """Characters [start, end) of the text, and the probability that a careful reader marks them."""

    start: int
    end: int
    probability: float
