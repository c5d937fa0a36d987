"""Refuses new work while the workers are too far behind, so that accepted work is finished in time."""

from datetime import timedelta
from typing import Final

from api.errors import ReducedCapacity
from api.runtime.runtime import Runtime
from api.storage.analyses.analysis_jobs import get_backlog
from api.storage.database.pool import Connection

LOOK_AGAIN_S: Final = 1.0  # counting many jobs costs milliseconds, shared by concurrent requests
RETRY_S: Final = 30


class Backlog:
    """One for each process; checks at most once in `LOOK_AGAIN_S`."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._looked_at: float | None = None
        self._refusal: str | None = None

    async def check(self, connection: Connection) -> None:
        """Raises ReducedCapacity while too many jobs are open, or the oldest has waited too long."""
        now = self._runtime.clock.monotonic()
        if self._looked_at is None or now - self._looked_at >= LOOK_AGAIN_S:
            self._refusal = await self._look(connection)
            self._looked_at = now
        if self._refusal is not None:
            raise ReducedCapacity(self._refusal, retry_after=RETRY_S)

    async def _look(self, connection: Connection) -> str | None:
        settings, now = self._runtime.settings, self._runtime.clock.now()
        jobs, oldest = await get_backlog(connection, settings.max_queued_jobs)
        if jobs >= settings.max_queued_jobs:
            return f"{jobs} analyses wait already, the most that are taken."
        if oldest is not None and now - oldest > timedelta(seconds=settings.max_queue_age_s):
            return f"Analyses wait for more than {settings.max_queue_age_s} s at the moment."
        return None
