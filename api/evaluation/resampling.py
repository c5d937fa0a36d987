"""Intervals: bootstrap percentiles (Efron 1979) and Wilson's for shares; the area under a curve."""

from collections.abc import Sequence
from math import nan, sqrt

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1_000
SEED = 20_261
TAIL = 0.025  # share on either side of a 95 % interval
_Z = 1.96

Indices = NDArray[np.int_]


def resamples(n: int, groups: Sequence[str] | None = None, times: int = RESAMPLES) -> list[Indices]:
    """`times` deterministic draws with replacement from n places, or from whole groups."""
    chance = np.random.default_rng(SEED)
    if groups is None:
        return [chance.integers(0, n, n) for _ in range(times)]
    members: dict[str, list[int]] = {}
    for place, name in enumerate(groups):
        members.setdefault(name, []).append(place)
    blocks = [np.array(places) for places in members.values()]
    return [
        np.concatenate([blocks[i] for i in chance.integers(0, len(blocks), len(blocks))])
        for _ in range(times)
    ]


def interval(values: Sequence[float]) -> tuple[float, float]:
    """The middle 95 % of resampled values, without nan."""
    low, high = np.nanquantile(np.array(values), [TAIL, 1 - TAIL])
    return float(low), float(high)


def auc(values: NDArray[np.float64], positive: NDArray[np.bool_]) -> float:
    """Area under the curve: how often a positive is above a negative, ties half; nan if one kind is missing."""
    above, below = values[positive], np.sort(values[~positive])
    if not len(above) or not len(below):
        return nan
    smaller = np.searchsorted(below, above, "left").sum()
    return float(smaller + np.searchsorted(below, above, "right").sum()) / (2 * len(above) * len(below))


def wilson(hits: int, n: int) -> tuple[float, float]:
    """Interval of a share; unlike the bootstrap's, it has a width at 0 and 1 (Wilson 1927)."""
    if not n:
        return 0.0, 1.0
    share, square = hits / n, _Z * _Z
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = _Z / (1 + square / n) * sqrt(share * (1 - share) / n + square / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)
