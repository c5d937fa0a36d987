"""What was retracted lately, known to each process that serves cached documents.

A cache is told of a retraction, but may be away at that moment, or be written once more by a reader who was late.
The database cannot be missed: each process asks it once a second, and serves from no cache what it names.
"""

import asyncio
from datetime import timedelta
from typing import Final

import structlog

from api.clock import Clock
from api.storage.pool import Pool
from api.storage.retractions import list_withdrawn

log = structlog.get_logger(__name__)

EVERY_S: Final = 1.0  # a retraction is to be seen everywhere within five seconds
# Longer than any cached copy lives, and than the clocks of two machines can differ.
WINDOW: Final = timedelta(minutes=10)


class Withdrawals:
    """`ids` are those of stories and verdicts."""

    def __init__(self, pool: Pool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock
        self.ids: frozenset[str] = frozenset()

    async def refresh(self) -> None:
        """Ask the database. Raises Unavailable; what is known stays known."""
        async with self._pool.connection() as connection:
            self.ids = await list_withdrawn(connection, self._clock.now() - WINDOW)

    async def watch(self) -> None:
        """Refresh once a second, for ever."""
        while True:
            try:
                await self.refresh()
            except Exception as failed:  # the next round asks again; readiness reports the database
                log.debug("withdrawals_unknown", reason=repr(failed))
            await asyncio.sleep(EVERY_S)
