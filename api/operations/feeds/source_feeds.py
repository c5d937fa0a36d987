"""Adds a feed to a source, removes it, and schedules a poll at once."""

from api.errors import Conflict, NotFound, placed
from api.fetching.policy import FetchPolicy
from api.operations.stories.correct_source import NO_SOURCE
from api.runtime.runtime import Runtime
from api.storage.database.pool import Connection
from api.storage.feeds import source_feeds
from api.storage.log.audit_log import Origin, append_audit
from api.storage.stories.sources import lock_source
from api.web.urls import parse_target, url_key
from schemas.source_feeds import Feed, RemovedFeed


async def add_feed(
    connection: Connection,
    runtime: Runtime,
    policy: FetchPolicy,
    source: str,
    url: str,
    *,
    origin: Origin,
) -> Feed:
    """The new or existing feed of a source, given by id or slug.

    Raises InvalidRequest, UrlNotAllowed and PublisherOptedOut of the URL; NotFound; Conflict if the URL is
    another source's feed.
    """
    with placed(pointer="#/url"):
        target = parse_target(url)
        policy.refuse(target)
    owner = await lock_source(connection, source)
    if owner is None:
        raise NotFound(NO_SOURCE)
    feed_id, now, settings = runtime.clock.new_id("fed"), runtime.clock.now(), runtime.settings
    inserted = await source_feeds.insert_feed(
        connection,
        feed_id=feed_id,
        source_id=owner.id,
        url=target.url,
        key=url_key(target.url),
        host=target.host,
        # a middle value, adjusted after each poll
        interval_s=min(max(settings.feed_interval_min_s * 3, 1), settings.feed_interval_max_s),
        at=now,
    )
    if not inserted:
        return await _existing_feed(connection, owner.id, url_key(target.url))
    await source_feeds.touch_source(connection, owner.id, now)
    feed = await source_feeds.get_feed(connection, feed_id)
    assert feed is not None, "it was inserted above"
    await append_audit(connection, origin, "feed.added", feed_id, before=None, after=feed, at=now)
    return feed


async def _existing_feed(connection: Connection, source_id: str, key: str) -> Feed:
    feed_id = await source_feeds.find_feed_id(connection, key)
    feed = None if feed_id is None else await source_feeds.get_feed(connection, feed_id)
    if feed is None:
        raise Conflict("This address was a feed until a moment ago; try again.")
    if feed.source_id != source_id:
        raise Conflict(f"This address is a feed of another source, {feed.source_id}.")
    return feed


NO_FEED = "There is no such feed."


async def remove_feed(
    connection: Connection, runtime: Runtime, feed_id: str, *, origin: Origin
) -> RemovedFeed:
    """Remove the feed; its stories stay. Raises NotFound."""
    feed = await source_feeds.get_feed(connection, feed_id)
    if feed is None:
        raise NotFound(NO_FEED)
    now = runtime.clock.now()
    await source_feeds.delete_feed(connection, feed_id)
    await source_feeds.touch_source(connection, feed.source_id, now)
    await append_audit(connection, origin, "feed.removed", feed_id, before=feed, after=None, at=now)
    return RemovedFeed(id=feed_id)


async def poll_now(connection: Connection, runtime: Runtime, feed_id: str, *, origin: Origin) -> Feed:
    """The feed, due now, even if it was gone; its host's delay still applies. Raises NotFound."""
    now = runtime.clock.now()
    before = await source_feeds.get_feed(connection, feed_id)
    await source_feeds.set_due(connection, feed_id, now)
    feed = await source_feeds.get_feed(connection, feed_id)
    if feed is None:
        raise NotFound(NO_FEED)
    await append_audit(connection, origin, "feed.polled", feed_id, before=before, after=feed, at=now)
    return feed
