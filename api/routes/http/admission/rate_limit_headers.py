"""The RateLimit-Policy and RateLimit headers of the IETF draft (structured fields, RFC 9651)."""

from collections.abc import Sequence
from itertools import chain

from api.cache.token_buckets import Taken
from api.routes.http.request.types import Headers
from api.settings.quotas import QuotaPolicy


class RateLimit:
    """The headers for these policies; none without policies."""

    def __init__(self, policies: Sequence[QuotaPolicy]) -> None:
        self.policies = tuple(policies)
        # policy names are letters, digits and hyphens, so they need no escaping
        policy = ", ".join(f'"{p.name}";q={p.quota};w={p.window_s}' for p in policies)
        self._policy = (b"ratelimit-policy", policy.encode())
        self._state = ", ".join(f'"{p.name}";r=%d;t=%d' for p in policies).encode()

    def fields(self, taken: Taken | None, *, more: int = 0) -> Headers:
        """Both headers; only RateLimit-Policy if the state is unknown.

        `t` is the time until `r` rises. `more` units were refunded since.
        """
        if not self.policies:
            return []
        if taken is None:
            return [self._policy]
        state = taken.state
        if more:
            left = [min(p.quota, has + more) for p, has in zip(self.policies, state[::2], strict=True)]
            state = tuple(chain(*zip(left, state[1::2], strict=True)))
        return [self._policy, *self.state(state)]

    def state(self, state: tuple[int, ...]) -> Headers:
        """Only RateLimit; `state` as in `Taken`."""
        return [(b"ratelimit", self._state % state)] if state else []
