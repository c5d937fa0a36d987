"""Limits of waiting requests: event streams, long polls, `Prefer: wait`.

They do not count as active requests, because a thousand open streams cost less than ten responses at once. They
have their own limit, beyond which `Prefer: wait` is ignored (RFC 7240 section 2). One query every two seconds
finds revoked keys.
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

POLL_INTERVAL_S: Final = 2.0  # the guide promises that revocation takes effect within 5 s
PIECE_S: Final = 1.0  # longest time between two checks of a waiting request
_RETRY_S: Final = 5
_RETRY_STREAM_S: Final = 60  # streams last up to 15 minutes, polls 30 s

log = structlog.get_logger(__name__)


class WaitingKind(StrEnum):
    """Kind of waiting request; the value is the name of the limiting policy."""

    STREAM = "event-streams"
    POLL = "waiting-requests"


class WaitingRequest:
    """The place of one waiting request. `revoked` is set when its key expires or is revoked."""

    __slots__ = ("key_id", "revoked")

    def __init__(self, key_id: str) -> None:
        self.key_id = key_id
        self.revoked = False

    def check(self) -> None:
        """Raises Unauthorized if the key is no longer valid."""
        if self.revoked:
            raise Unauthorized(
                "The key expired or was revoked while waiting.",
                headers={"WWW-Authenticate": 'Bearer realm="api", error="invalid_token"'},
            )


class LongPollLimits:
    """The waiting requests of one process."""

    def __init__(self, runtime: Runtime, limits: Limits) -> None:
        settings = runtime.settings
        self._runtime = runtime
        self._limits = limits
        self._max = settings.max_waiting
        self._max_per_key = {
            WaitingKind.STREAM: settings.max_streams_per_key,
            WaitingKind.POLL: settings.max_waiting_per_key,
        }
        self._places: set[WaitingRequest] = set()
        self._count_of_key: Counter[tuple[WaitingKind, str]] = Counter()
        self._watcher: asyncio.Task[None] | None = None

    def check(self, caller: Caller, kind: WaitingKind) -> None:
        """Raises QuotaExceeded if the key has too many waiting requests, ReducedCapacity if the process has."""
        maximum = self._max_per_key[kind]
        if self._count_of_key[kind, _key_of(caller)] >= maximum:
            raise QuotaExceeded(
                f"The key already has {maximum} waiting requests, the maximum.",
                policies=[kind.value],
                retry_after=_RETRY_STREAM_S if kind is WaitingKind.STREAM else _RETRY_S,
            )
        if len(self._places) >= self._max:
            raise ReducedCapacity(
                f"This process already has {self._max} waiting requests, its maximum.",
                retry_after=_RETRY_S,
            )

    def has_place(self, caller: Caller, kind: WaitingKind) -> bool:
        try:
            self.check(caller, kind)
        except ApiError:
            return False
        return True

    @contextmanager
    def place(self, caller: Caller, kind: WaitingKind) -> Iterator[WaitingRequest]:
        """A place among the waiting instead of the active requests. Raises the errors of `check`."""
        self.check(caller, kind)
        place = WaitingRequest(_key_of(caller))
        counted = kind, place.key_id
        self._places.add(place)
        self._count_of_key[counted] += 1
        if self._watcher is None or self._watcher.done():
            self._watcher = asyncio.create_task(self._watch_keys())
        try:
            with self._limits.while_waiting(caller):
                yield place
        finally:
            self._places.discard(place)
            self._count_of_key[counted] -= 1
            if not self._count_of_key[counted]:
                del self._count_of_key[counted]

    async def close(self) -> None:
        if self._watcher is not None:
            self._watcher.cancel()
            with suppress(asyncio.CancelledError):
                await self._watcher

    async def _watch_keys(self) -> None:
        while self._places:
            await asyncio.sleep(POLL_INTERVAL_S)
            try:
                await self._mark_revoked()
            except Unavailable:
                pass  # cannot be checked without the database, which also stops events
            except Exception as failed:
                log.warning("waiting_keys_look_failed", reason=repr(failed))

    async def _mark_revoked(self) -> None:
        keys = {place.key_id for place in self._places}
        async with self._runtime.pool.connection() as connection:
            live = await list_live(connection, keys, self._runtime.clock.now())
        for place in self._places:
            place.revoked = place.revoked or (place.key_id in keys and place.key_id not in live)


def _key_of(caller: Caller) -> str:
    assert isinstance(caller.identity, KeyHolder), "waiting requires a key"
    return caller.identity.key_id
