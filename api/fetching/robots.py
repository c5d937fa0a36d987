"""robots.txt (RFC 9309): asked before every fetch, remembered for an hour."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass

from protego import Protego

from api.clock import Clock
from api.errors import (
    PageTooLarge,
    RedirectRefused,
    RobotsDisallowed,
    SiteRefused,
    TooManyRedirects,
)
from api.fetching.body import read_body
from api.fetching.client import GuardedClient
from api.fetching.fetch_errors import SiteAnswer
from api.fetching.redirects import REDIRECTS, redirect_target
from api.fetching.robots_text import concerning
from api.web.urls import Target

KEPT_SECONDS = 3_600.0  # RFC 9309 section 2.4 allows a day; an hour lets a site change its mind
KEPT_SECONDS_AFTER_FAILURE = 300.0  # a site that could not say is asked again soon
MAX_BYTES = 512_000  # RFC 9309 section 2.5: parse at least 500 KiB; what follows is not read
MAX_DELAY_SECONDS = 60.0  # of Crawl-delay, which no standard knows; some files ask for hours by mistake
MAX_REDIRECTS = 5  # RFC 9309 section 2.3.1.2


@dataclass(frozen=True, slots=True)
class _Entry:
    """`rules` None: the file does not exist, so all is allowed; `failed`: it cannot be used, so nothing is."""

    rules: Protego | None
    failed: bool
    until: float


class Robots:
    """Whether a site lets this service fetch a page. One per process; safe for concurrent tasks."""

    def __init__(
        self, client: GuardedClient, clock: Clock | None = None, *, max_origins: int = 2_000
    ) -> None:
        """`clock` is the system's unless given.

        `max_origins` bounds the memory; the origin asked for longest ago is forgotten first.
        """
        self._client = client
        self._clock = clock or Clock()
        self._agent = client.policy.user_agent.partition("/")[0].strip()
        self._max_origins = max_origins
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._asking: dict[str, asyncio.Lock] = {}

    async def check(self, target: Target) -> None:
        """Raises RobotsDisallowed when the file forbids the target, when the site answers 5xx or 429 for it (RFC
        9309 section 2.3.1.4: assume complete disallow), or when the file would take too long to read; what
        `GuardedClient.send` raises when the site cannot be reached at all. Any other 4xx allows everything
        (section 2.3.1.3).
        """
        entry = await self._entry(target)
        if entry.failed:
            raise RobotsDisallowed(
                "The site's robots.txt could not be had or read, so no page of it is fetched for now.",
                retry_after=int(KEPT_SECONDS_AFTER_FAILURE),
            )
        if entry.rules is not None and not entry.rules.can_fetch(target.url, self._agent):
            raise RobotsDisallowed(f"The robots.txt of {target.host} does not allow {self._agent} here.")

    def delay(self, target: Target) -> float:
        """The seconds between two visits that the file asks for, as far as it is known; at most a minute."""
        entry = self._entries.get(target.origin)
        if entry is None or entry.rules is None:
            return 0.0
        return min(float(entry.rules.crawl_delay(self._agent) or 0), MAX_DELAY_SECONDS)

    def sitemaps(self, target: Target) -> list[str]:
        """The sitemaps that the file names, as far as it is known."""
        entry = self._entries.get(target.origin)
        return [] if entry is None or entry.rules is None else list(entry.rules.sitemaps)

    async def _entry(self, target: Target) -> _Entry:
        lock = self._asking.setdefault(target.origin, asyncio.Lock())
        try:
            async with lock:
                entry = self._entries.get(target.origin)
                if entry is None or entry.until <= self._clock.monotonic():
                    entry = await self._ask(target)
                    self._entries[target.origin] = entry
                    while len(self._entries) > self._max_origins:
                        self._entries.popitem(last=False)
                self._entries.move_to_end(target.origin)
                return entry
        finally:
            if not lock.locked():
                self._asking.pop(target.origin, None)

    async def _ask(self, asked: Target) -> _Entry:
        target = Target(asked.scheme, asked.host, asked.port, "/robots.txt", "")
        try:
            text = await self._read(target)
        except SiteRefused as error:
            status = error.__cause__.status if isinstance(error.__cause__, SiteAnswer) else 0
            if status >= 500 or status == 429:
                return _Entry(None, True, self._clock.monotonic() + KEPT_SECONDS_AFTER_FAILURE)
            text = None
        except (RedirectRefused, TooManyRedirects, PageTooLarge):
            text = None  # section 2.3.1.2: such a file counts as unavailable
        if text is not None and (text := concerning(text, self._agent)) is None:
            return _Entry(None, True, self._clock.monotonic() + KEPT_SECONDS_AFTER_FAILURE)
        rules = None if text is None else Protego.parse(text)
        return _Entry(rules, False, self._clock.monotonic() + KEPT_SECONDS)

    async def _read(self, target: Target) -> str:
        for _ in range(MAX_REDIRECTS + 1):
            async with self._client.send(target, accept="text/plain,*/*;q=0.1") as response:
                if response.status not in REDIRECTS:
                    if response.status != 200:
                        raise SiteRefused("No robots.txt.") from SiteAnswer(response.status, target.url)
                    body = await read_body(response, self._client.policy, max_bytes=MAX_BYTES, cut=True)
                    return body.decode("utf-8-sig", "replace")
                target = redirect_target(response, target, self._client.policy)
        raise TooManyRedirects("The site's robots.txt redirects too often.")
