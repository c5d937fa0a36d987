"""Records the results of polls, each document's in one transaction with the jobs that it opens."""

from collections.abc import Callable, Sequence

import asyncpg
import structlog
from msgspec.structs import replace

from api.feeds.feed import FeedDocument
from api.fetching.policy import FetchPolicy
from api.operations.feeds.ingest_entries import take_entries
from api.runtime.runtime import Runtime
from api.storage.database.pool import Connection
from api.storage.feeds import source_feeds
from api.storage.feeds.source_feeds import DueFeed, Polled
from api.web.urls import parse_target, url_key
from schemas.source_feeds import FeedReading

log = structlog.get_logger(__name__)


class _ClaimLost(Exception):
    """Another worker has claimed the feed since: the whole poll is discarded."""


async def record_polls(runtime: Runtime, polled: Sequence[Polled]) -> None:
    """Record polls without new entries, except of feeds that another worker has claimed since."""
    async with runtime.pool.transaction() as connection:
        await source_feeds.record_polls(connection, polled)
        for poll in polled:
            await _update_address(connection, poll)


async def record_reading(
    runtime: Runtime,
    policy: FetchPolicy,
    feed: DueFeed,
    document: FeedDocument,
    polled: Callable[[FeedReading], Polled],
) -> None:
    """Open jobs for new entries and record the poll, which `polled` builds from the reading.

    If entries are left for a later poll, the validators are not stored, so that the document is sent again.
    """
    try:
        async with runtime.pool.transaction() as connection:
            reading = await take_entries(connection, runtime, policy, feed, document)
            outcome = replace(polled(reading), reading=reading, kind=document.kind)
            if reading.left:
                outcome = replace(outcome, etag=None, last_modified=None, sha256=None)
            if not await source_feeds.record_polls(connection, [outcome]):
                raise _ClaimLost
            await _update_address(connection, outcome)
    except _ClaimLost:
        log.info("poll_late", feed=feed.id)


async def _update_address(connection: Connection, polled: Polled) -> None:
    """Store the feed's new address, unless another feed has it."""
    if polled.moved_to is None:
        return
    target = parse_target(polled.moved_to)
    try:
        async with connection.transaction():
            await source_feeds.move_feed(
                connection, polled.feed_id, target.url, url_key(target.url), target.host, polled.at
            )
    except asyncpg.UniqueViolationError:
        log.info("feed_moved_onto_another", feed=polled.feed_id)
