"""Keeps a process free for everybody else while some make the worker read pages that take too long."""

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple, TypeVar

from api.clock import Clock

T = TypeVar("T")

REMEMBERED_S: Final = 3_600.0
# Whose pages of so many sites took too long is slow too; with fewer, who submits everything for one application
# would answer for each site.
MAX_SITES: Final = 2
_MAX_REMEMBERED: Final = 10_000  # sites and submitters; the one seen longest ago is forgotten first
_SLOW: Final = ""  # the group of all that are slow; no site is called so


class Origin(NamedTuple):
    """Where a job's page is from: its site, None for a draft, and the accounts that submitted it."""

    site: str | None
    submitters: tuple[str, ...]


class SlowLaneFull(Exception):
    """As many jobs of the group run as may."""


class SlowLane:
    """Of one worker: groups of jobs of which at most `width` run at a time.

    One group is all that is slow: sites whose page used up its CPU within the last hour, and submitters whose
    draft did, or whose pages of more than MAX_SITES sites. Each site of which no page was read within the hour is
    a group by itself, or the first pages of a slow one would take all processes.
    """

    def __init__(self, width: int, clock: Clock) -> None:
        self._width = width
        self._clock = clock
        self._running: Counter[str] = Counter()
        self._slow: OrderedDict[str, float] = OrderedDict()  # until when, by site or submitter
        self._slow_sites: OrderedDict[str, dict[str, float]] = OrderedDict()  # the same by submitter and site
        self._read: OrderedDict[str, float] = OrderedDict()

    def note_slow(self, origin: Origin) -> None:
        """A page from there took too long just now."""
        until = self._clock.monotonic() + REMEMBERED_S
        for name in (origin.site,) if origin.site else origin.submitters:
            _put(self._slow, name, until)
        for submitter in origin.submitters if origin.site else ():
            sites = self._slow_sites.get(submitter, {})
            lasting = {site: until for site, until in sites.items() if self._lasts(until)}
            _put(self._slow_sites, submitter, lasting | {str(origin.site): until})

    def note_read(self, origin: Origin) -> None:
        """A page from there was read in time."""
        if origin.site:
            _put(self._read, origin.site, self._clock.monotonic() + REMEMBERED_S)

    @contextmanager
    def running(self, origin: Origin) -> Iterator[Callable[[], None]]:
        """Meanwhile a job from there runs. Raises SlowLaneFull.

        What it gives is to be called before each task of the job, since its site may have shown to be slow
        meanwhile; it raises SlowLaneFull too.
        """
        held: str | None = None

        def move(group: str | None) -> None:
            nonlocal held
            if group == held:
                return
            if group is not None and self._running[group] >= self._width:
                raise SlowLaneFull
            self._running.update([group] if group is not None else [])
            if held is not None:
                self._running[held] -= 1
                self._running += Counter()  # forgets those of which none runs
            held = group

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
