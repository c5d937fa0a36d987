"""Time and ids come from here; everything else takes them as arguments."""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime

from schemas.ids import make_id


class Clock:
    """The system's clock, UTC. Tests pass one that stands still (`tests/fakes.py`).

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

    def new_uuids(self, count: int) -> list[str]:
        """Random UUIDs (RFC 9562, version 4), for what has no place in an order: requests.

        By the dozen they cost a quarter of what they would one by one.
        """
        digits = os.urandom(16 * count).hex()
        return [_uuid(digits[start : start + 32]) for start in range(0, len(digits), 32)]


def _uuid(digits: str) -> str:
    """Of 32 random hexadecimal digits, those replaced that say what it is."""
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"
