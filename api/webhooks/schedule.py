"""Retry delays of failed deliveries, and Retry-After."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

JITTER: Final = 0.2
LEAST_AFTER_OVERLOAD_S: Final = 60.0  # after 429 or a timeout


def delay_after(
    attempts: int,
    random: float,
    *,
    delays: Sequence[float],
    overloaded: bool,
    retry_after_s: float | None,
) -> float | None:
    """Seconds until the next attempt; None after the last. `random` is from 0 to 1.

    `delays` are the seconds before each retry. Retry-After can extend a delay to twice its length.
    """
    if attempts > len(delays):
        return None
    base = float(delays[attempts - 1])
    delay = base * (1 + JITTER * (2 * random - 1))
    if retry_after_s is not None:
        return max(delay, min(max(retry_after_s, base), 2 * base))
    return max(delay, LEAST_AFTER_OVERLOAD_S) if overloaded else delay


def read_retry_after(value: str | None, now: datetime) -> float | None:
    """The header's seconds, or the seconds until its date; None if it is invalid."""
    if not value:
        return None
    if value.isascii() and value.isdecimal():
        return float(value[:9])
    try:
        return max((parsedate_to_datetime(value) - now) / timedelta(seconds=1), 0.0)
    except (ValueError, TypeError, OverflowError):
        return None
