"""The source of time and ids; everything else takes them as arguments."""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from schemas.ids import make_id


class Clock:
    """The system clock, UTC; tests use a fixed one (`tests/kit/servers/fakes.py`).

    `monotonic` gives monotonic seconds, for timeouts.
    """

    monotonic: Callable[[], float] = staticmethod(time.monotonic)

    def __init__(self) -> None:
        self._moment = (
            0,
            datetime.fromtimestamp(0, UTC),
        )  # the last result, reused within its millisecond

    def now(self) -> datetime:
        """The current time, rounded down to the millisecond."""
        milliseconds = time.time_ns() // 1_000_000
        last, moment = self._moment
        if milliseconds != last:
            moment = datetime.fromtimestamp(milliseconds // 1000, UTC).replace(
                microsecond=milliseconds % 1000 * 1000
            )
            self._moment = (milliseconds, moment)
        return moment

    def new_id(self, prefix: str) -> str:
        """A new id with `prefix`, sortable by creation time."""
        return make_id(prefix, self.now(), os.urandom(10))

    def new_span_id(self) -> str:
        """A span id (W3C Trace Context): 16 hexadecimal digits."""
        return os.urandom(8).hex()

    def new_uuids(self, count: int) -> list[str]:
        """UUIDs (RFC 9562, version 4), for requests.

        UUIDs of one call differ only in their last 48 bits; fully random ones take ten times as long.
        """
        first = str(UUID(bytes=os.urandom(16), version=4))[:-12]
        return [first + last for last in os.urandom(6 * count).hex("-", 6).split("-")]
