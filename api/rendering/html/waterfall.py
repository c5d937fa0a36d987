"""The parts of a score as a waterfall chart, in hundredths of the drawing's width."""

from collections.abc import Sequence

from msgspec import Struct

from api.rendering.score_parts import strongest_words
from schemas.score_explanations import ScorePart

_LEAST_WIDTH = 0.4  # of a bar, so that a small step is visible
_ROUND_TO = 1_000  # the scale ends at a multiple of ten points


class Bar(Struct, kw_only=True, frozen=True):
    """`points` are hundredths; `start` and `end` running totals; `x` and `width` the bar.

    `facts` is what the part counts, `quote` words of its strongest place.
    """

    label: str
    facts: str
    quote: str | None
    points: int
    start: float
    end: float
    x: float
    width: float
    first: bool


class Waterfall(Struct, kw_only=True, frozen=True):
    """`end` is the place of the score, `scale` the score at the right edge."""

    bars: list[Bar]
    end: float
    scale: int


def waterfall(parts: Sequence[ScorePart], score: int) -> Waterfall:
    """One step per part; the steps add up to the score."""
    edge = -(-max([*(part.total for part in parts), score * 100, _ROUND_TO]) // _ROUND_TO) * _ROUND_TO

    def place(total: int) -> float:
        return round(min(max(total, 0), edge) * 100 / edge, 2)

    def bar(part: ScorePart) -> Bar:
        start, end = place(part.total - part.points), place(part.total)
        return Bar(
            label=part.label,
            facts=part.facts,
            quote=strongest_words(part),
            points=part.points,
            start=start,
            end=end,
            x=min(start, end),
            width=round(max(abs(end - start), _LEAST_WIDTH), 2),
            first=part is parts[0],
        )

    return Waterfall(bars=[bar(part) for part in parts], end=place(score * 100), scale=edge // 100)
