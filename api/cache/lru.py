"""What this process holds ready: bounded in bytes, the one that was asked for longest ago goes first."""

from collections import OrderedDict
from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

T = TypeVar("T")


class _Held(Generic[T]):
    __slots__ = ("size", "tags", "value")

    def __init__(self, value: T, size: int, tags: tuple[Hashable, ...]) -> None:
        self.value = value
        self.size = size
        self.tags = tags


class Memory(Generic[T]):
    """Values by name. A tag names all values that go together when what they show has changed."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._held: OrderedDict[str, _Held[T]] = OrderedDict()
        self._tagged: dict[Hashable, set[str]] = {}
        self.size = 0

    def __len__(self) -> int:
        return len(self._held)

    def get(self, name: str) -> T | None:
        """The value, which is then the last one to go."""
        held = self._held.get(name)
        if held is None:
            return None
        self._held.move_to_end(name)
        return held.value

    def put(self, name: str, value: T, size: int, tags: Iterable[Hashable] = ()) -> None:
        """Hold a value of so many bytes; one that is larger than everything together may be is not held."""
        self.drop(name)
        if size > self._most:
            return
        held = self._held[name] = _Held(value, size, tuple(tags))
        self.size += size
        for tag in held.tags:
            self._tagged.setdefault(tag, set()).add(name)
        while self.size > self._most:
            self.drop(next(iter(self._held)))

    def drop(self, name: str) -> None:
        """Hold it no more."""
        held = self._held.pop(name, None)
        if held is None:
            return
        self.size -= held.size
        for tag in held.tags:
            names = self._tagged[tag]
            names.discard(name)
            if not names:
                del self._tagged[tag]

    def drop_tagged(self, tag: Hashable) -> None:
        """Hold nothing of that tag any more."""
        for name in list(self._tagged.get(tag, ())):
            self.drop(name)

    def clear(self) -> None:
        """Hold nothing."""
        self._held.clear()
        self._tagged.clear()
        self.size = 0
