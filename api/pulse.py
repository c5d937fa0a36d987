"""A process's sign of life and what it has in hand, in memory that it shares with whoever watches it.

A regular expression that does not end holds the interpreter: no thread of the process runs then. So the event
loop itself writes down what a watcher must know, before anything can hang.
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
MAX_ITEMS: Final = 2_048  # in hand at a time; more than are let in, those that wait among them

_HEAD: Final = struct.Struct("<Q")  # beats since the loop began; 0 if no loop runs
_ITEM: Final = struct.Struct("<B7sIII108s")  # taken or not, kind, three numbers, name
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
    """One a process. It can be handed to a child when the child is started."""

    def __init__(self, memory: Any = None) -> None:
        self._memory = RawArray(c_ubyte, _SIZE) if memory is None else memory
        self._view = memoryview(self._memory).cast("B")
        self._free = list(range(MAX_ITEMS))
        self.lag_s = 0.0  # by which all beats together came late

    def __reduce__(self) -> tuple[Any, ...]:
        return Pulse, (self._memory,)

    @property
    def beats(self) -> int:
        """How often the loop has turned; 0 before it began and after it ended."""
        (beats,) = _HEAD.unpack_from(self._view)
        return int(beats)

    def clear(self) -> None:
        """Forget all, for the next process."""
        self._view[:] = bytes(_SIZE)

    @asynccontextmanager
    async def beating(self) -> AsyncIterator[None]:
        """Meanwhile the running loop is expected to turn."""
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
                with suppress(OSError):  # a full disk, a closed pipe: the beats go on
                    log.warning("loop_lagged", seconds=round(late, 1))

    def take(self, kind: str, name: str, first: int = 0, second: int = 0, third: int = 0) -> int | None:
        """Write down that something is at work; what `put_down` wants. None if there is no more room.

        Numbers are below 2 ** 32.
        """
        if not self._free:
            return None
        place = self._free.pop()
        at = _BEGIN + place * _STEP
        _ITEM.pack_into(self._view, at, 1, kind.encode(), first, second, third, name.encode())
        return place

    def rename(self, place: int | None, name: str) -> None:
        """Say more exactly what it is that was taken."""
        if place is not None:
            _NAME.pack_into(self._view, _BEGIN + place * _STEP + _NAME_AT, name.encode())

    def put_down(self, place: int | None) -> None:
        """It is over."""
        if place is not None:
            self._view[_BEGIN + place * _STEP] = 0
            self._free.append(place)

    @contextmanager
    def holding(self, kind: str, name: str, first: int = 0, second: int = 0) -> Iterator[None]:
        """Meanwhile it is at work."""
        place = self.take(kind, name, first, second)
        try:
            yield
        finally:
            self.put_down(place)

    def in_hand(self) -> list[AtWork]:
        """What is at work, as a watcher sees it."""
        items = (_ITEM.unpack_from(self._view, _BEGIN + n * _STEP) for n in range(MAX_ITEMS))
        return [
            AtWork(_text(kind), _text(name), (first, second, third))
            for taken, kind, first, second, third, name in items
            if taken
        ]


def _text(padded: bytes) -> str:
    return padded.rstrip(b"\x00").decode("utf-8", "replace")
