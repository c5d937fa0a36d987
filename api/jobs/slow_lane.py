"""Keeps a process free for everybody else while some make the worker read pages that take too long."""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple, TypeVar

from api.clock import Clock

T = TypeVar("T")

REMEMBERED_S: Final = 3_600.0
# Whose pages of so many sites took too long is slow by itself; with fewer, who submits everything for one
# application would answer for each site.
MAX_SITES: Final = 2
_MAX_REMEMBERED: Final = 10_000  # sites and submitters; the one seen longest ago is forgotten first


class Origin(NamedTuple):
    """Where a job's page is from: its site, None for a draft, and the accounts that submitted it."""

    site: str | None
    submitters: tuple[str, ...]


class SlowLane:
    """Of one worker: slow jobs run at most `width` at a time, all of them together.

    Slow are those of a site whose page used up its CPU within the last hour, and those of a submitter whose draft
    did, or whose pages of more than MAX_SITES sites.
    """

    def __init__(self, width: int, clock: Clock) -> None:
        self._width = width
        self._clock = clock
        self._until: OrderedDict[str, float] = OrderedDict()
        self._slow_sites: OrderedDict[str, dict[str, float]] = OrderedDict()  # by submitter, and until when
        self._running = 0

    def remember(self, origin: Origin) -> None:
        """A page from there took too long just now."""
        until = self._clock.monotonic() + REMEMBERED_S
        for name in (origin.site,) if origin.site else origin.submitters:
            _put(self._until, name, until)
        for submitter in origin.submitters if origin.site else ():
            sites = self._slow_sites.get(submitter, {})
            lasting = {site: until for site, until in sites.items() if self._lasts(until)}
            _put(self._slow_sites, submitter, lasting | {str(origin.site): until})

    def is_full_for(self, origin: Origin) -> bool:
        """Whether a job from there has to wait."""
        return self._running >= self._width and self._is_slow(origin)

    @contextmanager
    def running(self, origin: Origin) -> Iterator[None]:
        """Meanwhile a job from there runs, and counts if it is of the slow ones."""
        counted = self._is_slow(origin)
        self._running += counted
        try:
            yield
        finally:
            self._running -= counted

    def _is_slow(self, origin: Origin) -> bool:
        names = origin.submitters if origin.site is None else (origin.site, *origin.submitters)
        return any(self._lasts(self._until.get(name, 0.0)) for name in names) or any(
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
