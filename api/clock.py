"""Time and ids come from here; everything else takes them as arguments."""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from schemas.ids import make_id


class Clock:
    """The system's clock, UTC. Tests pass one that stands still (`tests/kit/servers/fakes.py`).

    `monotonic` gives seconds that never go back, for timeouts.
    """

    monotonic: Callable[[], float] = staticmethod(time.monotonic)

    def __init__(self) -> None:
        self._moment = (
            0,
            datetime.fromtimestamp(0, UTC),
        )  # asked for last: who asks within its millisecond gets it

    def now(self) -> datetime:
        """The current moment, rounded down to the millisecond."""
        milliseconds = time.time_ns() // 1_000_000
        last, moment = self._moment
        if milliseconds != last:
            moment = datetime.fromtimestamp(milliseconds // 1000, UTC).replace(
                microsecond=milliseconds % 1000 * 1000
            )
            self._moment = (milliseconds, moment)
        return moment

    def new_id(self, prefix: str) -> str:
        """A new id of `prefix`, sortable by its time of making."""
        return make_id(prefix, self.now(), os.urandom(10))

    def new_span_id(self) -> str:
        """An id for a step of a trace (W3C Trace Context): 16 hexadecimal digits."""
        return os.urandom(8).hex()

    def new_uuids(self, count: int) -> list[str]:
        """UUIDs (RFC 9562, version 4), for what has no place in an order: requests.

        Those that are made together differ in their last 48 bits alone; to draw each whole takes more than ten
        times as long.
        """
        first = str(UUID(bytes=os.urandom(16), version=4))[:-12]
        return [first + last for last in os.urandom(6 * count).hex("-", 6).split("-")]
