"""A heartbeat and the current work of a process, in memory shared with its watcher.

A regular expression that does not end blocks the interpreter and all its threads, so the event loop records
everything a watcher needs beforehand.
"""

import asyncio
import struct
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from ctypes import c_ubyte
from multiprocessing import RawArray
from typing import Any, Final, NamedTuple

import structlog

log = structlog.get_logger(__name__)

BEAT_S: Final = 0.5
LAG_LOGGED_S: Final = 1.0
MAX_ITEMS: Final = 2_048  # items at a time; more than are admitted, waiting ones included

_HEAD: Final = struct.Struct("<Q")  # heartbeats since the loop began; 0 if none runs
_ITEM: Final = struct.Struct("<B7sIII108s")  # in use, kind, three numbers, name
_NAME: Final = struct.Struct("<108s")
_BEGIN: Final = _HEAD.size
_STEP: Final = _ITEM.size
_NAME_AT: Final = _STEP - _NAME.size
_SIZE: Final = _BEGIN + MAX_ITEMS * _STEP


class AtWork(NamedTuple):
    """A request (method, template; bytes of target, headers, body) or a job (id; number of try, 1 if alone)."""

    kind: str
    name: str
    numbers: tuple[int, int, int]


class Pulse:
    """One for each process; it can be passed to a child when the child is started."""

    def __init__(self, memory: Any = None) -> None:
        self._memory = RawArray(c_ubyte, _SIZE) if memory is None else memory
        self._view = memoryview(self._memory).cast("B")
        self._free = list(range(MAX_ITEMS))
        self.lag_s = 0.0  # total delay of all heartbeats

    def __reduce__(self) -> tuple[Any, ...]:
        return Pulse, (self._memory,)

    @property
    def beats(self) -> int:
        """The number of heartbeats; 0 if the loop is not running."""
        (beats,) = _HEAD.unpack_from(self._view)
        return int(beats)

    def clear(self) -> None:
        """Reset for the next process."""
        self._view[:] = bytes(_SIZE)

    @asynccontextmanager
    async def beating(self) -> AsyncIterator[None]:
        """Expect heartbeats of the running loop within this context."""
        _HEAD.pack_into(self._view, 0, 1)
        task = asyncio.create_task(self._beat())
        try:
            yield
        finally:
            task.cancel()
            _HEAD.pack_into(self._view, 0, 0)

    async def _beat(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time() + BEAT_S
        while True:
            await asyncio.sleep(BEAT_S)
            late = loop.time() - due
            due = loop.time() + BEAT_S
            self.lag_s += late
            _HEAD.pack_into(self._view, 0, self.beats + 1)
            if late > LAG_LOGGED_S:
                with suppress(OSError):  # a full disk or closed pipe must not stop the heartbeat
                    log.warning("loop_lagged", seconds=round(late, 1))

    def take(self, kind: str, name: str, first: int = 0, second: int = 0, third: int = 0) -> int | None:
        """Record an item of work; returns the place for `put_down`, or None if there is no room.

        Numbers are below 2 ** 32.
        """
        if not self._free:
            return None
        place = self._free.pop()
        at = _BEGIN + place * _STEP
        _ITEM.pack_into(self._view, at, 1, kind.encode(), first, second, third, name.encode())
        return place

    def rename(self, place: int | None, name: str) -> None:
        """Give an item a more exact name."""
        if place is not None:
            _NAME.pack_into(self._view, _BEGIN + place * _STEP + _NAME_AT, name.encode())

    def put_down(self, place: int | None) -> None:
        """Remove a finished item."""
        if place is not None:
            self._view[_BEGIN + place * _STEP] = 0
            self._free.append(place)

    @contextmanager
    def holding(self, kind: str, name: str, first: int = 0, second: int = 0) -> Iterator[None]:
        """Record an item within this context."""
        place = self.take(kind, name, first, second)
        try:
            yield
        finally:
            self.put_down(place)

    def in_hand(self) -> list[AtWork]:
        """The current items, as a watcher sees them."""
        items = (_ITEM.unpack_from(self._view, _BEGIN + n * _STEP) for n in range(MAX_ITEMS))
        return [
            AtWork(_text(kind), _text(name), (first, second, third))
            for taken, kind, first, second, third, name in items
            if taken
        ]


def _text(padded: bytes) -> str:
    return padded.rstrip(b"\x00").decode("utf-8", "replace")
