"""Start times of deliveries under a rate limit: evenly spaced (GCRA without burst)."""

from datetime import datetime, timedelta
from typing import Final

AHEAD: Final = timedelta(seconds=1)  # later deliveries are returned to the queue


def beginnings(
    count: int, rate: int, paced_until: datetime | None, now: datetime
) -> tuple[list[datetime], datetime]:
    """The start times of up to `count` deliveries within `AHEAD`, and the earliest time of the next."""
    step, at = timedelta(seconds=1) / rate, max(now, paced_until or now)
    times: list[datetime] = []
    while len(times) < count and at < now + AHEAD:
        times.append(at)
        at += step
    return times, at
