"""Time and ids come from here; everything else takes them as arguments."""

import os
import time
import uuid
from datetime import UTC, datetime

from schemas.ids import make_id


class Clock:
    """The system's clock, UTC. Tests pass one that stands still (`tests/fakes.py`)."""

    def now(self) -> datetime:
        """The current moment, rounded down to the millisecond."""
        milliseconds = time.time_ns() // 1_000_000
        return datetime.fromtimestamp(milliseconds // 1000, UTC).replace(
            microsecond=milliseconds % 1000 * 1000
        )

    def monotonic(self) -> float:
        """Seconds that never go back, for timeouts."""
        return time.monotonic()

    def new_id(self, prefix: str) -> str:
        """A new id of `prefix`, sortable by its time of making."""
        return make_id(prefix, self.now(), os.urandom(10))

    def new_uuid(self) -> str:
        """A random UUID (RFC 9562, version 4), for what has no place in an order: requests."""
        return str(uuid.uuid4())
