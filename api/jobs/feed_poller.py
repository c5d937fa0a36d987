"""Polls due feeds: many hosts at a time, one request for each host at a time."""

import asyncio
import hashlib
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

import structlog

from api.errors import ApiError, NotAFeed
from api.feeds.feed import FeedDocument
from api.feeds.feed_parsing import parse_feed
from api.fetching.client import GuardedClient
from api.fetching.feed import NOT_MODIFIED, FetchedFeed, fetch_feed
from api.fetching.politeness import Pace
from api.fetching.robots import Robots
from api.fetching.schedule import MAX_S, delay_after_failure, delay_after_success, next_interval
from api.operations.feeds.record_polls import record_polls, record_reading
from api.processes.pool import ProcessCrashed, Processes, ProcessTimeout
from api.runtime.runtime import Runtime
from api.storage.feeds.source_feeds import DueFeed, Polled, claim_feeds, release_feeds
from api.web.urls import parse_target
from api.webhooks.schedule import read_retry_after
from schemas.source_feeds import FeedReading, FeedStatus

log = structlog.get_logger(__name__)

POLL_INTERVAL_S: Final = 1.0
LEASE: Final = timedelta(minutes=5)  # a poll takes 20 s at most, then waits for a parser
READ_SECONDS: Final = 10.0  # of CPU, for one document
MAX_CAUSE: Final = 200
GONE: Final = 410
_OVERLOADED: Final = (429, 503)


class Poller:
    """One for each worker. `run` polls until `stop` is set, then waits for running polls."""

    def __init__(
        self,
        runtime: Runtime,
        client: GuardedClient,
        robots: Robots,
        pace: Pace,
        processes: Processes,
        chance: Callable[[], float],
    ) -> None:
        """`client` has the policy for feeds; `processes` parse documents; `chance` returns 0 to 1."""
        self._runtime = runtime
        self._client = client
        self._robots = robots
        self._pace = pace
        self._processes = processes
        self._chance = chance
        self._width = runtime.settings.feed_concurrency
        self._polls: dict[asyncio.Task[None], DueFeed] = {}
        self._polled: list[Polled] = []
        self._wake = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await self.round()
            except Exception as failed:  # the database is down: the next round continues
                log.warning("poller_failed", reason=repr(failed))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), POLL_INTERVAL_S)
            self._wake.clear()
        if self._polls:
            await asyncio.wait(self._polls, timeout=self._client.policy.total_seconds)
        with suppress(ApiError):
            if self._polls:
                await self._release_unfinished()
            await self._record()

    async def _release_unfinished(self) -> None:
        """Release unfinished feeds to other workers before their lease ends."""
        left = dict(self._polls)
        for poll in left:
            poll.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        async with self._runtime.pool.transaction() as connection:
            await release_feeds(connection, list(left.values()), self._runtime.clock.now())

    async def round(self) -> int:
        """Record results, claim due feeds and start polls; returns the number claimed."""
        await self._record()
        room = self._width - len(self._polls)
        if room <= 0:
            return 0
        now = self._runtime.clock.now()
        async with self._runtime.pool.transaction() as connection:
            due = await claim_feeds(connection, now, until=now + LEASE, limit=room)
        for feed in due:
            poll = asyncio.create_task(self._poll(feed))
            self._polls[poll] = feed
            poll.add_done_callback(self._ended)
        return len(due)

    async def idle(self) -> None:
        """Return once all claimed feeds are polled and recorded."""
        while self._polls or self._polled:
            if self._polls:
                await asyncio.wait(self._polls)
            await self._record()

    def _ended(self, poll: asyncio.Task[None]) -> None:
        self._polls.pop(poll, None)
        self._wake.set()

    async def _record(self) -> None:
        polled, self._polled = self._polled, []
        if not polled:
            return
        try:
            await record_polls(self._runtime, polled)
        except BaseException:
            self._polled = polled + self._polled  # recorded in the next round
            raise

    async def _poll(self, feed: DueFeed) -> None:
        try:
            polled = await self._fetch(feed)
        except ApiError as refused:
            # a cause from another process includes its traceback
            cause = repr(refused.__cause__)[:MAX_CAUSE]
            log.info("feed_failed", feed=feed.id, problem=refused.slug, cause=cause)
            polled = self._failed(feed, refused.detail, retry_after_s=refused.retry_after)
        except Exception as unforeseen:
            log.exception("poll_error", feed=feed.id)
            polled = self._failed(feed, f"Internal error: {type(unforeseen).__name__}.")
        if polled is not None:
            self._polled.append(polled)

    async def _fetch(self, feed: DueFeed) -> Polled | None:
        """Poll a feed; returns None if the result is already recorded with its new entries."""
        await self._pace.turn(feed.host)
        response = await fetch_feed(
            self._client, feed.url, self._robots, etag=feed.etag, last_modified=feed.last_modified
        )
        if response.status == NOT_MODIFIED:
            return self._succeeded(feed, response)
        if response.body is None:
            after = read_retry_after(response.headers.get("retry-after"), self._runtime.clock.now())
            return self._failed(
                feed,
                f"The site answered {response.status}.",
                http_status=response.status,
                retry_after_s=after,
            )
        sha256 = hashlib.sha256(response.body).hexdigest()
        if feed.sha256 is not None and sha256 == feed.sha256.hex():
            return self._succeeded(feed, response, sha256=sha256)
        document = await self._read(response.body, response.charset, response.final_url)
        await record_reading(
            self._runtime,
            self._client.policy,
            feed,
            document,
            lambda reading: self._succeeded(feed, response, sha256=sha256, reading=reading),
        )
        return None

    async def _read(self, body: bytes, charset: str | None, url: str) -> FeedDocument:
        try:
            return await self._processes.run(parse_feed, body, charset, url)
        except ProcessTimeout as late:
            raise NotAFeed("Reading the feed takes too long.") from late
        except ProcessCrashed as crashed:
            raise NotAFeed("Reading the feed takes too much memory.") from crashed

    def _succeeded(
        self,
        feed: DueFeed,
        response: FetchedFeed,
        *,
        sha256: str | None = None,
        reading: FeedReading | None = None,
    ) -> Polled:
        """`sha256` is None if the site answered that nothing has changed."""
        settings, now = self._runtime.settings, self._runtime.clock.now()
        least, most = settings.feed_interval_min_s, settings.feed_interval_max_s
        left = reading is not None and reading.left > 0
        news = reading is not None and (reading.taken > 0 or left)
        # the first document says nothing about how often a feed changes
        known_s = max(least, min(most, feed.interval_s))
        interval = known_s if feed.first else next_interval(known_s, news=news, least_s=least, most_s=most)
        delay = (
            least
            if left
            else delay_after_success(
                interval, self._chance(), cache_control=response.headers.get("cache-control"), most_s=most
            )
        )
        etag, last_modified = response.validators
        return Polled(
            feed_id=feed.id,
            claims=feed.claims,
            host=feed.host,
            host_free_at=self._free_at(feed, now),
            at=now,
            status=FeedStatus.ACTIVE,
            http_status=response.status,
            error=None,
            failures=0,
            interval_s=interval,
            next_poll_at=now + timedelta(seconds=delay),
            validated=sha256 is not None,
            etag=etag,
            last_modified=last_modified,
            sha256=sha256,
            moved_to=response.moved_to,
        )

    def _failed(
        self,
        feed: DueFeed,
        error: str,
        *,
        http_status: int | None = None,
        retry_after_s: float | None = None,
    ) -> Polled:
        now = self._runtime.clock.now()
        delay = delay_after_failure(
            feed.interval_s, feed.failures + 1, self._chance(), retry_after_s=retry_after_s
        )
        free_at = self._free_at(feed, now)
        if http_status in _OVERLOADED and retry_after_s:  # applies to the host, not only this feed
            free_at = max(free_at, now + timedelta(seconds=min(retry_after_s, MAX_S)))
        return Polled(
            feed_id=feed.id,
            claims=feed.claims,
            host=feed.host,
            host_free_at=free_at,
            at=now,
            status=FeedStatus.GONE if http_status == GONE else FeedStatus.ACTIVE,
            http_status=http_status,
            error=error,
            failures=feed.failures + 1,
            interval_s=feed.interval_s,
            next_poll_at=now + timedelta(seconds=delay),
        )

    def _free_at(self, feed: DueFeed, now: datetime) -> datetime:
        """When the next feed of the host may be requested."""
        pause = max(self._runtime.settings.fetch_delay_s, self._robots.delay(parse_target(feed.url)))
        return now + timedelta(seconds=pause)
