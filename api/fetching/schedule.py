"""Polling intervals of feeds: shorter after news, longer without, with backoff after errors."""

import re
from typing import Final

FASTER: Final = 0.5  # after news; two of them offset six polls without news
SLOWER: Final = 1.25
JITTER: Final = 0.1
MAX_S: Final = 86_400.0  # a feed that has failed for weeks is polled daily

_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?([0-9]{1,9})", re.IGNORECASE)


def next_interval(interval_s: int, *, news: bool, least_s: int, most_s: int) -> int:
    """The new polling interval in seconds: halved after news, a quarter longer without."""
    return max(least_s, min(most_s, round(interval_s * (FASTER if news else SLOWER))))


def delay_after_success(interval_s: int, random: float, *, cache_control: str | None, most_s: int) -> float:
    """Seconds until the next poll. `random` from 0 to 1 adds jitter.

    The response's max-age is respected, up to the longest interval.
    """
    fresh = _MAX_AGE.search(cache_control or "")
    return max(_jittered(interval_s, random), min(float(fresh[1]) if fresh else 0.0, float(most_s)))


def delay_after_failure(
    interval_s: int, failures: int, random: float, *, retry_after_s: float | None
) -> float:
    """Seconds after consecutive failures: doubled with each, or as the site requests; a day at most."""
    doubled = interval_s * 2.0 ** min(failures, 20)
    return min(max(_jittered(doubled, random), retry_after_s or 0.0), MAX_S)


def _jittered(seconds: float, random: float) -> float:
    return seconds * (1 + JITTER * (2 * random - 1))
