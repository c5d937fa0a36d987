"""Places in a text and results of models as plain values: measures of the text, loaded terms."""

from dataclasses import dataclass

Places = list[tuple[int, int]]


def merged(places: Places) -> Places:
    """The places in order, overlapping or touching ones merged."""
    found: Places = []
    for start, end in sorted(places):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


@dataclass(frozen=True, slots=True)
class Measure:
    """One feature of one document. `places` are the counted (start, end): `count` of `of`, if it is a share.

    `label` describes the count to people, if no table of labels has the code.
    """

    code: str
    value: float
    places: Places
    count: int | None = None
    of: int | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class TaggedTerm:
    """Characters [start, end) of the text, and the probability that a careful reader marks them."""

    start: int
    end: int
    probability: float
