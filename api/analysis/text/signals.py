"""What models say of a text, as plain values: measures of the whole, and terms that a reader may find loaded."""

from dataclasses import dataclass

Places = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Measure:
    """One feature of one document. `places` are all the (start, end) that were counted."""

    code: str
    value: float
    places: Places


@dataclass(frozen=True, slots=True)
class TaggedTerm:
    """Characters [start, end) of the text, and how likely a careful reader marks them."""

    start: int
    end: int
    probability: float
