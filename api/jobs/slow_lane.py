"""Limits slow pages, so that a process stays free for others."""

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple, TypeVar

from api.clock import Clock

T = TypeVar("T")

REMEMBERED_S: Final = 3_600.0
# A submitter with slow pages of more sites than this is slow too; with fewer, one that submits everything for
# an application would answer for each site.
MAX_SITES: Final = 2
_MAX_REMEMBERED: Final = 10_000  # sites and submitters; the least recently used is dropped
_SLOW: Final = ""  # the group of everything slow; no site has this name


class Origin(NamedTuple):
    """The site of a job's page, None for a draft, and the accounts that submitted it."""

    site: str | None
    submitters: tuple[str, ...]


class SlowLaneFull(Exception):
    """The group already runs as many jobs as it may."""


class SlowLane:
    """Groups of jobs of one worker, of which at most `width` run at a time.

    One group is everything slow: sites whose page exceeded its CPU limit within the last hour, and submitters
    with such a draft or such pages of more than MAX_SITES sites. Each site without a page read within the hour
    is its own group, or the first pages of a slow site would take all processes.
    """

    def __init__(self, width: int, clock: Clock) -> None:
        self._width = width
        self._clock = clock
        self._running: Counter[str] = Counter()
        self._slow: OrderedDict[str, float] = OrderedDict()  # expiry by site or submitter
        self._slow_sites: OrderedDict[str, dict[str, float]] = OrderedDict()  # expiry by submitter and site
        self._read: OrderedDict[str, float] = OrderedDict()

    def note_slow(self, origin: Origin) -> None:
        """Record that a page took too long."""
        until = self._clock.monotonic() + REMEMBERED_S
        for name in (origin.site,) if origin.site else origin.submitters:
            _put(self._slow, name, until)
        for submitter in origin.submitters if origin.site else ():
            sites = self._slow_sites.get(submitter, {})
            lasting = {site: until for site, until in sites.items() if self._lasts(until)}
            _put(self._slow_sites, submitter, lasting | {str(origin.site): until})

    def note_read(self, origin: Origin) -> None:
        """Record that a page was read in time."""
        if origin.site:
            _put(self._read, origin.site, self._clock.monotonic() + REMEMBERED_S)

    @contextmanager
    def running(self, origin: Origin) -> Iterator[Callable[[], None]]:
        """Reserve a place for a job. Raises SlowLaneFull.

        The caller must call the yielded function before each task of the job, because its site may have become
        slow; it raises SlowLaneFull too.
        """
        current: str | None = None

        def move(group: str | None) -> None:
            nonlocal current
            if group == current:
                return
            if group is not None and self._running[group] >= self._width:
                raise SlowLaneFull
            self._running.update([group] if group is not None else [])
            if current is not None:
                self._running[current] -= 1
                self._running += Counter()  # drop counters of 0
            current = group

        try:
            move(self._group(origin))
            yield lambda: move(self._group(origin))
        finally:
            move(None)

    def _group(self, origin: Origin) -> str | None:
        if self._is_slow(origin):
            return _SLOW
        if origin.site is None or self._lasts(self._read.get(origin.site, 0.0)):
            return None
        return origin.site

    def _is_slow(self, origin: Origin) -> bool:
        names = origin.submitters if origin.site is None else (origin.site, *origin.submitters)
        return any(self._lasts(self._slow.get(name, 0.0)) for name in names) or any(
            sum(map(self._lasts, self._slow_sites.get(submitter, {}).values())) > MAX_SITES
            for submitter in origin.submitters
        )

    def _lasts(self, until: float) -> bool:
        return until > self._clock.monotonic()


def _put(remembered: OrderedDict[str, T], name: str, value: T) -> None:
    remembered[name] = value
    remembered.move_to_end(name)
    if len(remembered) > _MAX_REMEMBERED:
        remembered.popitem(last=False)
