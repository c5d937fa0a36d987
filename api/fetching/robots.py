"""robots.txt (RFC 9309), checked before every fetch, cached for an hour."""

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
from api.web.opt_outs import AI_AGENTS
from api.web.urls import Target

KEPT_SECONDS = 3_600.0  # RFC 9309 section 2.4 allows a day
KEPT_SECONDS_AFTER_FAILURE = 300.0  # retry failed sites soon
MAX_BYTES = 512_000  # RFC 9309 section 2.5: at least 500 KiB; the rest is ignored
MAX_DELAY_SECONDS = 60.0  # of the non-standard Crawl-delay; some files contain hours by mistake
MAX_REDIRECTS = 5  # RFC 9309 section 2.3.1.2


@dataclass(frozen=True, slots=True)
class _Entry:
    """`rules` None: there is no file, so everything is allowed; `failed`: the file is unusable, so nothing is."""

    rules: Protego | None
    failed: bool
    until: float


class Robots:
    """Whether a site allows fetches. One per process; safe for concurrent tasks."""

    def __init__(
        self, client: GuardedClient, clock: Clock | None = None, *, max_origins: int = 2_000
    ) -> None:
        """`max_origins` bounds memory; the least recently used origin is evicted."""
        self._client = client
        self._clock = clock or Clock()
        self._agent = client.policy.user_agent.partition("/")[0].strip()
        self._max_origins = max_origins
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._locks: dict[str, asyncio.Lock] = {}

    async def check(self, target: Target) -> None:
        """Raises RobotsDisallowed if the file forbids the target, the site answers 5xx or 429 for it (RFC 9309
        section 2.3.1.4), or it is too complex to parse; the errors of `GuardedClient.send` if the site is
        unreachable. Other 4xx allow everything (section 2.3.1.3).
        """
        entry = await self._entry(target)
        if entry.failed:
            raise RobotsDisallowed(
                "The site's robots.txt could not be read, so its pages are not fetched for now.",
                retry_after=int(KEPT_SECONDS_AFTER_FAILURE),
            )
        if entry.rules is not None and not entry.rules.can_fetch(target.url, self._agent):
            raise RobotsDisallowed(f"The robots.txt of {target.host} does not allow {self._agent} here.")

    def delay(self, target: Target) -> float:
        """The Crawl-delay in seconds, if the file is cached; at most a minute."""
        entry = self._entries.get(target.origin)
        if entry is None or entry.rules is None:
            return 0.0
        return min(float(entry.rules.crawl_delay(self._agent) or 0), MAX_DELAY_SECONDS)

    def opts_out(self, target: Target) -> bool:
        """Whether the file, if it is cached, forbids the target to a robot of a language model."""
        entry = self._entries.get(target.origin)
        if entry is None or entry.rules is None:
            return False
        return not all(entry.rules.can_fetch(target.url, agent) for agent in AI_AGENTS)

    def sitemaps(self, target: Target) -> list[str]:
        """The sitemaps in the file, if it is cached."""
        entry = self._entries.get(target.origin)
        return [] if entry is None or entry.rules is None else list(entry.rules.sitemaps)

    async def _entry(self, target: Target) -> _Entry:
        lock = self._locks.setdefault(target.origin, asyncio.Lock())
        try:
            async with lock:
                entry = self._entries.get(target.origin)
                if entry is None or entry.until <= self._clock.monotonic():
                    entry = await self._fetch(target)
                    self._entries[target.origin] = entry
                    while len(self._entries) > self._max_origins:
                        self._entries.popitem(last=False)
                self._entries.move_to_end(target.origin)
                return entry
        finally:
            if not lock.locked():
                self._locks.pop(target.origin, None)

    async def _fetch(self, page: Target) -> _Entry:
        target = Target(page.scheme, page.host, page.port, "/robots.txt", "")
        try:
            text = await self._read(target)
        except SiteRefused as error:
            status = error.__cause__.status if isinstance(error.__cause__, SiteAnswer) else 0
            if status >= 500 or status == 429:
                return _Entry(None, True, self._clock.monotonic() + KEPT_SECONDS_AFTER_FAILURE)
            text = None
        except (RedirectRefused, TooManyRedirects, PageTooLarge):
            text = None  # section 2.3.1.2: the file counts as unavailable
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
