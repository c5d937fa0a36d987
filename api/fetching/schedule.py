"""When a feed is asked again: often where there is news, seldom where there is none, patiently after errors."""

import re
from typing import Final

FASTER: Final = 0.5  # after news; two such polls undo the patience of six without any
SLOWER: Final = 1.25
JITTER: Final = 0.1
MAX_S: Final = 86_400.0  # a feed that has failed for weeks is asked once a day still

_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?([0-9]{1,9})", re.IGNORECASE)


def next_interval(interval_s: int, *, news: bool, least_s: int, most_s: int) -> int:
    """Seconds between polls from now on: half as long after news, a quarter longer without."""
    return max(least_s, min(most_s, round(interval_s * (FASTER if news else SLOWER))))


def delay_after_success(interval_s: int, chance: float, *, cache_control: str | None, most_s: int) -> float:
    """Seconds until the next poll. `chance` is from 0 to 1, so that feeds added together part company.

    Before the answer's max-age is over any cache would give the same one, so nothing is asked; that counts up to
    the longest interval.
    """
    fresh = _MAX_AGE.search(cache_control or "")
    return max(_jittered(interval_s, chance), min(float(fresh[1]) if fresh else 0.0, float(most_s)))


def delay_after_failure(
    interval_s: int, failures: int, chance: float, *, retry_after_s: float | None
) -> float:
    """The same after so many failures in a row: twice as long after each, or as the site asks; a day at most."""
    doubled = interval_s * 2.0 ** min(failures, 20)
    return min(max(_jittered(doubled, chance), retry_after_s or 0.0), MAX_S)


def _jittered(seconds: float, chance: float) -> float:
    return seconds * (1 + JITTER * (2 * chance - 1))
