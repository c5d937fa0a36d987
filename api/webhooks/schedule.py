"""When a failed delivery is tried again, and what its receiver may ask for."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

JITTER: Final = 0.2
LEAST_AFTER_OVERLOAD_S: Final = 60.0  # a receiver that answers 429 or not in time


def delay_after(
    attempts: int,
    chance: float,
    *,
    delays: Sequence[float],
    overloaded: bool,
    retry_after_s: float | None,
) -> float | None:
    """Seconds until the next attempt after so many; None where there is none. `chance` is from 0 to 1.

    `delays` are the schedule: seconds before each attempt but the first.

    What the receiver asks for counts within the schedule's delay and twice as much.
    """
    if attempts > len(delays):
        return None
    base = float(delays[attempts - 1])
    delay = base * (1 + JITTER * (2 * chance - 1))
    if overloaded:
        delay = max(delay, LEAST_AFTER_OVERLOAD_S)
    if retry_after_s is not None:
        delay = max(delay, min(max(retry_after_s, base), 2 * base))
    return delay


def read_retry_after(value: str | None, now: datetime) -> float | None:
    """The header's seconds, given as such or as a date; None for what is neither."""
    if not value:
        return None
    if value.isascii() and value.isdecimal():
        return float(value[:9])
    try:
        return max((parsedate_to_datetime(value) - now) / timedelta(seconds=1), 0.0)
    except (ValueError, TypeError, OverflowError):
        return None
