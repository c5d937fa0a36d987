"""The ledger as a waterfall chart, in hundredths of the drawing's width."""

from msgspec import Struct

from api.rendering.ledger_groups import ledger_groups
from schemas.assessments import LedgerRow

_MAX_STEPS = 14
_LEAST_WIDTH = 0.4  # of a bar, so that a small step is visible
_ROUND_TO = 1_000  # the scale ends at a multiple of ten points


class Bar(Struct, kw_only=True, frozen=True):
    """`points` are hundredths; `start` and `end` running totals; `x` and `width` the bar."""

    label: str
    points: int
    start: float
    end: float
    x: float
    width: float
    first: bool


class Waterfall(Struct, kw_only=True, frozen=True):
    """`scale` is the score at the right edge."""

    bars: list[Bar]
    total: Bar
    scale: int


def waterfall(ledger: list[LedgerRow], score: int) -> Waterfall:
    """The base, then one step per rule, largest first; the steps add up to the score."""
    groups = ledger_groups(ledger, _MAX_STEPS)
    totals = [0]
    for _, earned in groups:
        totals.append(totals[-1] + earned)
    edge = -(-max([*totals, score * 100, _ROUND_TO]) // _ROUND_TO) * _ROUND_TO

    def place(total: int) -> float:
        return round(min(max(total, 0), edge) * 100 / edge, 2)

    bars = [
        _bar(label, earned, place(start), place(start + earned), first=number == 0)
        for number, ((label, earned), start) in enumerate(zip(groups, totals, strict=False))
    ]
    total = _bar("Score", score * 100, 0.0, place(score * 100), first=False)
    return Waterfall(bars=bars, total=total, scale=edge // 100)


def _bar(label: str, earned: int, start: float, end: float, *, first: bool) -> Bar:
    return Bar(
        label=label,
        points=earned,
        start=start,
        end=end,
        x=min(start, end),
        width=round(max(abs(end - start), _LEAST_WIDTH), 2),
        first=first,
    )
