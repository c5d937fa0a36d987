"""Quota policies, as named in settings and RateLimit fields."""

import re
from typing import Final, NamedTuple

_POLICY: Final = re.compile(r"([a-z][a-z0-9-]{0,31})=([0-9]{1,9})/([0-9]{1,7})")


class QuotaPolicy(NamedTuple):
    """At most `quota` units in about `window_s` seconds; a token bucket that starts full."""

    name: str
    quota: int
    window_s: int

    def __str__(self) -> str:
        return f"{self.name}={self.quota}/{self.window_s}"


def read_policy(text: str) -> QuotaPolicy:
    """The policy in `NAME=QUOTA/SECONDS`. Raises ValueError."""
    found = _POLICY.fullmatch(text)
    if found is None or not int(found[2]) or not int(found[3]):
        raise ValueError(text)
    return QuotaPolicy(found[1], int(found[2]), int(found[3]))
