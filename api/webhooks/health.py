"""Whether an endpoint is failing for good: five days of nothing but failures, as Svix has it."""

from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

DISABLE_AFTER: Final = timedelta(hours=120)
SPREAD: Final = timedelta(hours=12)  # of failures, before the clock starts: a bad hour is none of it
SPORADIC_AFTER: Final = timedelta(
    hours=36
)  # without a failure the spread is measured anew; longer than any delay


class Health(Struct, kw_only=True, frozen=True):
    """All None: well. `failing_since` is when the clock started."""

    first_failure_at: datetime | None = None
    last_failure_at: datetime | None = None
    failing_since: datetime | None = None

    def after_failure(self, at: datetime) -> "Health":
        if self.failing_since is not None:
            return replace(self, last_failure_at=at)
        first = self.first_failure_at
        if first is None or self.last_failure_at is None or at - self.last_failure_at > SPORADIC_AFTER:
            return Health(first_failure_at=at, last_failure_at=at)
        since = at if at - first >= SPREAD else None
        return replace(self, last_failure_at=at, failing_since=since)

    def is_over(self, at: datetime) -> bool:
        """Whether the endpoint is to be disabled."""
        return self.failing_since is not None and at - self.failing_since >= DISABLE_AFTER
