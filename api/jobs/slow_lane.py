"""Keeps a process free for everybody else while some make the worker read pages that take too long."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

from api.clock import Clock

REMEMBERED_S: Final = 3_600.0
_MAX_REMEMBERED: Final = 10_000  # the one seen longest ago is forgotten first


class SlowLane:
    """Sites and submitters whose page used up its CPU within the last hour run at most `width` jobs at a time,
    all of them together. Of one worker.
    """

    def __init__(self, width: int, clock: Clock) -> None:
        self._width = width
        self._clock = clock
        self._until: OrderedDict[str, float] = OrderedDict()
        self._running = 0

    def remember(self, names: Iterable[str]) -> None:
        """Their page took too long just now."""
        for name in names:
            self._until[name] = self._clock.monotonic() + REMEMBERED_S
            self._until.move_to_end(name)
        while len(self._until) > _MAX_REMEMBERED:
            self._until.popitem(last=False)

    def is_full_for(self, names: Iterable[str]) -> bool:
        """Whether a job of theirs has to wait."""
        return self._running >= self._width and self._holds(names)

    @contextmanager
    def running(self, names: Iterable[str]) -> Iterator[None]:
        """Meanwhile a job of theirs runs, and counts if they are remembered."""
        counted = self._holds(names)
        self._running += counted
        try:
            yield
        finally:
            self._running -= counted

    def _holds(self, names: Iterable[str]) -> bool:
        now = self._clock.monotonic()
        return any(self._until.get(name, now) > now for name in names)
