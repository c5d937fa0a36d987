"""The time as PostgreSQL has it, by which everything is forgotten: one clock for all workers."""

from datetime import datetime

from msgspec import Struct

from api.storage.database.pool import Connection

# The server's time, and that of the newest event.
SELECT_TIMES = """
SELECT clock_timestamp() AS now, (SELECT created_at FROM events ORDER BY sequence DESC LIMIT 1) AS newest_event
"""


class Times(Struct, kw_only=True, frozen=True):
    """`newest_event` is None in an empty log."""

    now: datetime
    newest_event: datetime | None

    def seconds_ahead(self, own: datetime) -> float:
        """By how much a process's clock, which shows `own`, is ahead of the database's; negative if behind."""
        return (own - self.now).total_seconds()

    @property
    def log_ends(self) -> datetime:
        """No later than the newest event: a clock that runs ahead alone makes nothing in the log older."""
        return self.now if self.newest_event is None else min(self.now, self.newest_event)


async def read_times(connection: Connection) -> Times:
    return Times(**dict(await connection.fetchrow(SELECT_TIMES)))
