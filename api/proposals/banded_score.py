"""The score from the band that an answer names and the findings that survived the checks.

The answer names a band and a third of it. Score = the third's lower end + its width x the share that the
findings' weights earn of a full weight. The arithmetic is ours, in hundredths of a point; a finding that falls
can only lower the score.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from api.proposals.answers import BandPart
from api.proposals.quotes import Place
from schemas.assessments import Finding, LedgerRow
from schemas.enums import LedgerRowKind
from schemas.spans import Range
from schemas.taxonomy import ScoreBand

HUNDRED: Final = 100  # points are hundredths of a score point
MAX_WEIGHT: Final = 3  # of one finding
# Twelve findings of the greatest weight, or more of less, earn the third's upper end: the mean error on 30
# recorded stories hardly depends on it, and their mean score is right.
FULL_WEIGHT: Final = 36


@dataclass(frozen=True, slots=True)
class BandedScore:
    """Points in hundredths: base + findings + rounding = 100 * score. `findings` are parallel to the weights."""

    base: int
    findings: tuple[int, ...]
    rounding: int
    score: int


def banded_score(
    band: ScoreBand, part: BandPart, weights: Sequence[int], full: int = FULL_WEIGHT
) -> BandedScore:
    """The score in its third of the band, both ends included. Weights outside 0 to 3 count as the nearest.

    `full` is the weight that earns the upper end: a text of several parts has more places than one.
    """
    bounded = [min(max(weight, 0), MAX_WEIGHT) for weight in weights]
    total = sum(bounded)
    base, third = _third(band, part)
    earned = third * min(total, full) // full
    findings = _divided(earned, bounded)
    score = (base + earned + HUNDRED // 2) // HUNDRED
    return BandedScore(base, findings, HUNDRED * score - base - earned, score)


def mean_third(
    places: Sequence[tuple[ScoreBand, BandPart, int]], bands: Sequence[ScoreBand]
) -> tuple[ScoreBand, BandPart]:
    """The band and its third in which the mean of the middles of `places` lies.

    A place is a third of a band, and its weight in the mean, at least 1.
    """
    middles = ((*_third(band, part), weight) for band, part, weight in places)
    mean = sum((2 * base + third) * weight for base, third, weight in middles)
    mean //= 2 * sum(weight for _, _, weight in places)
    band = next(band for band in bands if mean <= HUNDRED * band.high + HUNDRED // 2)
    below = [part for part in BandPart if _third(band, part)[0] <= mean]
    return band, below[-1] if below else BandPart.LOWER


def _order(part: BandPart) -> int:
    return list(BandPart).index(part)


def _third(band: ScoreBand, part: BandPart) -> tuple[int, int]:
    """The lower end and the width of a third, in hundredths of a point."""
    width = HUNDRED * (band.high - band.low) // len(BandPart)
    return HUNDRED * band.low + width * _order(part), width


def _divided(points: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Whole points in proportion to the weights; the largest remainders get one more, the first of equals."""
    total = sum(weights)
    if total == 0:
        return (0,) * len(weights)
    shares = [points * weight // total for weight in weights]
    rests = sorted(range(len(weights)), key=lambda at: (-(points * weights[at] % total), at))
    for at in rests[: points - sum(shares)]:
        shares[at] += 1
    return tuple(shares)


def banded_ledger(
    band: ScoreBand,
    scored: BandedScore,
    findings: Sequence[Finding],
    places: Sequence[Place],
    anchors: Sequence[Place],
) -> list[LedgerRow]:
    """The band, cited by its anchors; a row for each finding with points; the rounding.

    `places` are those of the findings, in their order.
    """
    label = f"Band {band.band.value}, {_third_at(band, scored.base).value} third: {band.anchor}"
    rows = [_row(LedgerRowKind.BASE, "band", label, scored.base, None, anchors)]
    for finding, place, points in zip(findings, places, scored.findings, strict=True):
        if points:
            rows.append(_row(LedgerRowKind.FINDING, finding.rule, finding.label, points, finding.id, [place]))
    if scored.rounding:
        rows.append(_row(LedgerRowKind.ROUNDING, "rounding", "To a whole number", scored.rounding, None, ()))
    return rows


def _third_at(band: ScoreBand, base: int) -> BandPart:
    """The third of the band in which a base lies."""
    thirds = list(BandPart)
    width = HUNDRED * (band.high - band.low)
    return thirds[min(len(thirds) * (base - HUNDRED * band.low) // width, len(thirds) - 1)]


def _row(
    kind: LedgerRowKind, rule: str, label: str, points: int, finding: str | None, places: Sequence[Place]
) -> LedgerRow:
    ranges = [Range(start=place.start, end=place.end) for place in places]
    return LedgerRow(kind=kind, rule=rule, label=label, points=points, finding=finding, ranges=ranges)
