"""A process's response cache: values by name, bounded in bytes; the least recently used are evicted first.

A process has three (`runtime/runtime.py`), each with its own budget, so that a crawl of all stories evicts no
sitemap, which takes long to build. All share one coalescer: concurrent misses of a name cause one build.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Iterable
from math import inf
from typing import Generic, NamedTuple, TypeVar

from api.cache.single_flight import SingleFlight
from api.errors import Unavailable

T = TypeVar("T")


class _Entry(Generic[T]):
    __slots__ = ("expires", "size", "tags", "value")

    def __init__(self, value: T, size: int, tags: tuple[Hashable, ...], expires: float) -> None:
        self.value = value
        self.size = size
        self.tags = tags
        self.expires = expires


class Built(NamedTuple, Generic[T]):
    """A value, its size in bytes, and the seconds that it may be served."""

    value: T
    size: int
    lifetime_s: float = inf


class ResponseCache(Generic[T]):
    """`drop_tagged` drops all values of a tag, such as the id of a story that they show."""

    def __init__(self, max_bytes: int, single_flight: SingleFlight, monotonic: Callable[[], float]) -> None:
        self._max_bytes = max_bytes
        self._single_flight = single_flight
        self._monotonic = monotonic
        self._entries: OrderedDict[str, _Entry[T]] = OrderedDict()
        self._tagged: dict[Hashable, set[str]] = {}
        self._generation = 0
        self.size = 0

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, name: str) -> T | None:
        """The value, also if it has expired."""
        entry = self._entries.get(name)
        if entry is None:
            return None
        self._entries.move_to_end(name)
        return entry.value

    async def get_or_build(self, name: str, build: Callable[[], Awaitable[Built[T]]]) -> T:
        """The value; built if there is none or it has expired.

        Raises what `build` raises; but if that is Unavailable and there is an expired value, returns that value.
        A value whose build began before `clear` is not stored, and later callers do not wait for it.
        """
        entry = self._entries.get(name)
        if entry is not None and self._monotonic() < entry.expires:
            self._entries.move_to_end(name)
            return entry.value
        generation = self._generation

        async def build_and_put() -> T:
            try:
                value, size, lifetime_s = await build()
            except Unavailable:
                expired = self.get(name)
                if expired is None:
                    raise
                return expired
            if generation == self._generation:
                self.put(name, value, size, expires=self._monotonic() + lifetime_s)
            return value

        return await self._single_flight.run((id(self), name, generation), build_and_put)

    def put(
        self, name: str, value: T, size: int, tags: Iterable[Hashable] = (), *, expires: float = inf
    ) -> None:
        """Store a value of `size` bytes, unless that is more than the whole budget."""
        self.drop(name)
        if size > self._max_bytes:
            return
        entry = self._entries[name] = _Entry(value, size, tuple(tags), expires)
        self.size += size
        for tag in entry.tags:
            self._tagged.setdefault(tag, set()).add(name)
        while self.size > self._max_bytes:
            self.drop(next(iter(self._entries)))

    def drop(self, name: str) -> None:
        """Drop one value, if it is there."""
        entry = self._entries.pop(name, None)
        if entry is None:
            return
        self.size -= entry.size
        for tag in entry.tags:
            names = self._tagged[tag]
            names.discard(name)
            if not names:
                del self._tagged[tag]

    def drop_tagged(self, tag: Hashable) -> None:
        """Drop all values of the tag."""
        for name in list(self._tagged.get(tag, ())):
            self.drop(name)

    def clear(self) -> None:
        """Drop all values."""
        self._entries.clear()
        self._tagged.clear()
        self.size = 0
        self._generation += 1
