"""The profile of a source, from counts of its stories."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from api.rendering.intervals import mean_interval, share_interval
from schemas.enums import Band, SpinType
from schemas.stats import BandCount, Estimate, Interval, SourceProfile, TacticCount, TypeShare

FLOOR = 8  # scored stories; fewer would be a chance selection
MAX_TACTICS = 5


class StoryCounts(Struct, kw_only=True, frozen=True):
    """The stories of one type, band and tactic, with sums of scores and squared scores."""

    primary_type: str
    band: str
    tactic: str | None
    stories: int
    scores: int
    squares: int
    first_at: datetime | None
    last_at: datetime | None


def build_profile(source_id: str, rows: Sequence[StoryCounts], not_scorable: int) -> SourceProfile:
    """The profile, withheld below FLOOR scored stories."""
    n = sum(row.stories for row in rows)
    withheld = n < FLOOR
    types, bands, tactics = Counter[str](), Counter[str](), Counter[str]()
    for row in rows:
        types[row.primary_type] += row.stories
        bands[row.band] += row.stories
        if row.tactic is not None:
            tactics[row.tactic] += row.stories
    return SourceProfile(
        source_id=source_id,
        n=n,
        not_scorable=not_scorable,
        floor=FLOOR,
        withheld=withheld,
        mean_score=None if withheld else _mean(rows, n),
        types=None if withheld else [_share(kind, types[kind], n) for kind in SpinType],
        bands=None if withheld else [BandCount(band=band, stories=bands[band]) for band in Band],
        tactics=None
        if withheld
        else [
            TacticCount(tactic=tactic, stories=count)
            for tactic, count in sorted(tactics.items(), key=lambda item: (-item[1], item[0]))[:MAX_TACTICS]
        ],
        first_published_at=None if withheld else min(filter(None, (r.first_at for r in rows)), default=None),
        last_published_at=None if withheld else max(filter(None, (r.last_at for r in rows)), default=None),
    )


def _mean(rows: Sequence[StoryCounts], n: int) -> Estimate:
    total, squares = sum(row.scores for row in rows), sum(row.squares for row in rows)
    return _estimate(total / n, mean_interval(n, total, squares, low=0, high=100), 1)


def _share(kind: SpinType, count: int, n: int) -> TypeShare:
    return TypeShare(type=kind, stories=count, share=_estimate(count / n, share_interval(count, n), 3))


def _estimate(value: float, interval: tuple[float, float], digits: int) -> Estimate:
    low, high = (round(end, digits) for end in interval)
    return Estimate(value=round(value, digits), interval=Interval(low=low, high=high))
