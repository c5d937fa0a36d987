"""Where requests wait for something to happen: event streams, long polls, `Prefer: wait`.

They cost next to nothing meanwhile, so they take no room from those at work; a room of their own bounds them.
Whoever waits was let in a while ago, so it is looked up again whether the key still is one.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from typing import Final

import structlog

from api.errors import ApiError, QuotaExceeded, ReducedCapacity, Unauthorized, Unavailable
from api.routes.http.admission.caller import Caller
from api.routes.http.admission.limits import Limits
from api.runtime.runtime import Runtime
from api.storage.keys.keys import KeyHolder, list_live

LOOKS_EVERY_S: Final = 2.0  # conventions A54: a revoked key ends within 5 s
PIECE_S: Final = 1.0  # the longest that one who waits does not look up
_RETRY_S: Final = 5
_RETRY_STREAM_S: Final = 60  # a stream lasts a quarter of an hour, a poll half a minute at most

log = structlog.get_logger(__name__)


class Seating(StrEnum):
    """What a request waits as; the value is the name of the policy that bounds a key's."""

    STREAM = "event-streams"
    POLL = "waiting-requests"


class Seat:
    """One request's place. `taken_away` once its key was revoked, or has expired."""

    __slots__ = ("key_id", "taken_away")

    def __init__(self, key_id: str) -> None:
        self.key_id = key_id
        self.taken_away = False

    def check(self) -> None:
        """Raises Unauthorized where the key is none any more."""
        if self.taken_away:
            raise Unauthorized(
                "The key has expired or was revoked meanwhile.",
                headers={"WWW-Authenticate": 'Bearer realm="api", error="invalid_token"'},
            )


class WaitingRoom:
    """One a process."""

    def __init__(self, runtime: Runtime, limits: Limits) -> None:
        settings = runtime.settings
        self._runtime = runtime
        self._limits = limits
        self._most = settings.max_waiting
        self._most_of_key = {
            Seating.STREAM: settings.max_streams_per_key,
            Seating.POLL: settings.max_waiting_per_key,
        }
        self._seats: set[Seat] = set()
        self._of_key: Counter[tuple[Seating, str]] = Counter()
        self._look_out: asyncio.Task[None] | None = None

    def check(self, caller: Caller, seating: Seating) -> None:
        """Raises QuotaExceeded where the key waits too often already, ReducedCapacity where nobody fits in."""
        most = self._most_of_key[seating]
        if self._of_key[seating, _key_of(caller)] >= most:
            raise QuotaExceeded(
                f"{most} requests of the key wait here, the most that may.",
                policies=[seating.value],
                retry_after=_RETRY_STREAM_S if seating is Seating.STREAM else _RETRY_S,
            )
        if len(self._seats) >= self._most:
            raise ReducedCapacity(
                f"In this process {self._most} requests may wait at a time, and as many do.",
                retry_after=_RETRY_S,
            )

    def has_place(self, caller: Caller, seating: Seating) -> bool:
        try:
            self.check(caller, seating)
        except ApiError:
            return False
        return True

    @contextmanager
    def seat(self, caller: Caller, seating: Seating) -> Iterator[Seat]:
        """A place in the room instead of one among those at work. Raises what `check` raises."""
        self.check(caller, seating)
        seat = Seat(_key_of(caller))
        place = seating, seat.key_id
        self._seats.add(seat)
        self._of_key[place] += 1
        if self._look_out is None or self._look_out.done():
            self._look_out = asyncio.create_task(self._look())
        try:
            with self._limits.aside(caller):
                yield seat
        finally:
            self._seats.discard(seat)
            self._of_key[place] -= 1
            if not self._of_key[place]:
                del self._of_key[place]

    async def close(self) -> None:
        if self._look_out is not None:
            self._look_out.cancel()
            with suppress(asyncio.CancelledError):
                await self._look_out

    async def _look(self) -> None:
        while self._seats:
            await asyncio.sleep(LOOKS_EVERY_S)
            try:
                await self._take_away()
            except Unavailable:
                pass  # without the database nobody can say; nor is there anything new to tell who waits
            except Exception as failed:
                log.warning("waiting_room_look_failed", reason=repr(failed))

    async def _take_away(self) -> None:
        keys = {seat.key_id for seat in self._seats}
        async with self._runtime.pool.connection() as connection:
            live = await list_live(connection, keys, self._runtime.clock.now())
        for seat in self._seats:
            seat.taken_away = seat.taken_away or (seat.key_id in keys and seat.key_id not in live)


def _key_of(caller: Caller) -> str:
    assert isinstance(caller.identity, KeyHolder), "only who has a key may wait"
    return caller.identity.key_id
