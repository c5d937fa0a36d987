"""PostgreSQL's time, on which all workers base expiry."""

from datetime import datetime
from typing import Final

from msgspec import Struct

from api.storage.database.pool import Connection

MAX_CLOCK_SKEW_S: Final = 60.0  # between a process and the database

# The server's time and the newest event's.
SELECT_TIMES = """
SELECT clock_timestamp() AS now, (SELECT created_at FROM events ORDER BY sequence DESC LIMIT 1) AS newest_event
"""


class Times(Struct, kw_only=True, frozen=True):
    """`newest_event` is None if the log is empty."""

    now: datetime
    newest_event: datetime | None

    def seconds_ahead(self, own: datetime) -> float:
        """How far the local time `own` is ahead of the database's; negative if behind."""
        return (own - self.now).total_seconds()

    def differ_from(self, own: datetime) -> bool:
        """Whether one of the two clocks is wrong, so that nothing may be deleted by either."""
        return abs(self.seconds_ahead(own)) > MAX_CLOCK_SKEW_S

    @property
    def log_ends(self) -> datetime:
        """The end of the log: a clock that runs ahead must not make events expire early."""
        return self.now if self.newest_event is None else min(self.now, self.newest_event)


async def read_times(connection: Connection) -> Times:
    return Times(**dict(await connection.fetchrow(SELECT_TIMES)))
