"""The score from the band that an answer names and the findings that survived the checks.

The answer names a band and a third of it. Score = the third's lower end + its width x the share that the
findings' weights earn of a full weight. The arithmetic is ours, in hundredths of a point; a finding that falls
can only lower the score.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from api.proposals.answers import BandPart
from schemas.taxonomy import ScoreBand

HUNDRED: Final = 100  # points are hundredths of a score point
MAX_WEIGHT: Final = 3  # of one finding
# Eight findings of the greatest weight, or more of less, earn the third's upper end: a guess until recorded
# answers are counted.
FULL_WEIGHT: Final = 24


@dataclass(frozen=True, slots=True)
class BandedScore:
    """Points in hundredths: base + findings + rounding = 100 * score. `findings` are parallel to the weights."""

    base: int
    findings: tuple[int, ...]
    rounding: int
    score: int


def banded_score(band: ScoreBand, part: BandPart, weights: Sequence[int]) -> BandedScore:
    """The score in its third of the band, both ends included. Weights outside 0 to 3 count as the nearest."""
    bounded = [min(max(weight, 0), MAX_WEIGHT) for weight in weights]
    total = sum(bounded)
    parts = list(BandPart)
    third = HUNDRED * (band.high - band.low) // len(parts)
    base = HUNDRED * band.low + third * parts.index(part)
    earned = third * min(total, FULL_WEIGHT) // FULL_WEIGHT
    findings = _divided(earned, bounded)
    score = (base + earned + HUNDRED // 2) // HUNDRED
    return BandedScore(base, findings, HUNDRED * score - base - earned, score)


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
