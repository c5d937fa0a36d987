"""The newest events in memory: one poller for each process, however many requests wait."""

import asyncio
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from api.errors import Unavailable
from api.runtime.runtime import Runtime
from api.storage.log.events import LoggedEvent, get_bounds, list_all_events
from schemas.wire import encode_json

POLL_INTERVAL_S: Final = 0.2  # while a request waits; a poll reads one row
KEPT: Final = 1_000  # events in memory, for receivers that are nearly up to date
_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class TailEvent:
    """An event, encoded once for all receivers."""

    sequence: int
    account_id: str | None
    type: str
    body: bytes


class EventTail:
    """Polls the log only while a request waits."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._kept: deque[TailEvent] = deque(maxlen=KEPT)
        self._begins = 0  # events from here to `_ends` are in memory
        self._ends = 0
        self._waiting = 0
        self._change: asyncio.Future[None] | None = None
        self._look_out: asyncio.Task[None] | None = None

    async def wait_beyond(self, after: int, seconds: float) -> None:
        """Return once there is an event after this number, for any account, or after `seconds`.

        Returns at once at shutdown.
        """
        deadline = self._runtime.clock.monotonic() + seconds
        self._waiting += 1
        try:
            self._start()
            while self._ends <= after and not self._runtime.leaving():
                left = deadline - self._runtime.clock.monotonic()
                if left <= 0:
                    return
                await asyncio.wait({self._changed()}, timeout=min(left, 1.0))
        finally:
            self._waiting -= 1

    def since(self, after: int, account_id: str | None) -> tuple[list[TailEvent], int] | None:
        """Events after this number that the account may see, and the number reached.

        Returns None if memory does not reach back far enough: read the log instead.
        """
        if after < self._begins or self._ends == 0:
            return None
        return [*self._visible(after, account_id)], max(after, self._ends)

    async def close(self) -> None:
        if self._look_out is not None:
            self._look_out.cancel()
            with suppress(asyncio.CancelledError):
                await self._look_out

    def _visible(self, after: int, account_id: str | None) -> Iterable[TailEvent]:
        newer = []
        for event in reversed(self._kept):
            if event.sequence <= after:
                break
            if event.account_id is None or event.account_id == account_id:
                newer.append(event)
        return reversed(newer)

    def _changed(self) -> asyncio.Future[None]:
        if self._change is None or self._change.done():
            self._change = asyncio.get_running_loop().create_future()
        return self._change

    def _start(self) -> None:
        if self._look_out is None or self._look_out.done():
            self._look_out = asyncio.create_task(self._look())

    async def _look(self) -> None:
        while self._waiting:
            with suppress(Unavailable):  # the database is down: keep waiting
                if await self._advance():
                    self._tell()
            await asyncio.sleep(POLL_INTERVAL_S)

    async def _advance(self) -> bool:
        """Load new events; returns whether there are any."""
        async with self._runtime.pool.connection() as connection:
            last = (await get_bounds(connection)).last
            if last == self._ends:
                return False
            if self._ends == 0 or last < self._ends or last - self._ends > KEPT:
                # first poll, replaced database, or too large a gap: start at the end
                self._kept.clear()
                self._begins = self._ends = last
                return True
            while self._ends < last:
                found = await list_all_events(connection, after=self._ends, through=last, limit=_BATCH)
                self._kept.extend(map(tail_event, found))
                self._ends = found[-1].sequence if len(found) == _BATCH else last
        if len(self._kept) == KEPT:
            self._begins = max(self._begins, self._kept[0].sequence - 1)
        return True

    def _tell(self) -> None:
        if self._change is not None and not self._change.done():
            self._change.set_result(None)


def tail_event(event: LoggedEvent) -> TailEvent:
    return TailEvent(event.sequence, event.account_id, event.type.value, encode_json(event))
