"""Permanent failure of endpoints: five days of failures without success, as in Svix."""

from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

DISABLE_AFTER: Final = timedelta(hours=120)
SPREAD: Final = timedelta(hours=12)  # minimum span of failures before the clock starts: ignores short outages
SPORADIC_AFTER: Final = timedelta(
    hours=36
)  # a gap without failures resets the span; longer than any retry delay


class Health(Struct, kw_only=True, frozen=True):
    """All None: healthy. `failing_since`: the start of the clock."""

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
        """Whether to disable the endpoint."""
        return self.failing_since is not None and at - self.failing_since >= DISABLE_AFTER
