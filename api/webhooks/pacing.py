"""When deliveries to an endpoint with a rate limit may begin: evenly, one after the other (GCRA, no burst)."""

from datetime import datetime, timedelta
from typing import Final

AHEAD: Final = timedelta(seconds=1)  # what begins later than this is left for later


def beginnings(
    count: int, rate: int, paced_until: datetime | None, now: datetime
) -> tuple[list[datetime], datetime]:
    """The times at which as many of `count` may begin as may soon, and the time from which on the next may."""
    step, at = timedelta(seconds=1) / rate, max(now, paced_until or now)
    times: list[datetime] = []
    while len(times) < count and at < now + AHEAD:
        times.append(at)
        at += step
    return times, at
