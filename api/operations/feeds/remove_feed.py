"""Removes a feed: it is asked no more. Stories that it announced stay."""

from api.errors import NotFound
from api.runtime.runtime import Runtime
from api.storage.database.pool import Connection
from api.storage.feeds import source_feeds
from api.storage.log.audit_log import Origin, append_audit
from schemas.source_feeds import RemovedFeed

NO_FEED = "There is no such feed."


async def remove_feed(
    connection: Connection, runtime: Runtime, feed_id: str, *, origin: Origin
) -> RemovedFeed:
    """In the caller's transaction. Raises NotFound."""
    feed = await source_feeds.get_feed(connection, feed_id)
    if feed is None:
        raise NotFound(NO_FEED)
    now = runtime.clock.now()
    await source_feeds.delete_feed(connection, feed_id)
    await source_feeds.touch_source(connection, feed.source_id, now)
    await append_audit(connection, origin, "feed.removed", feed_id, before=feed, after=None, at=now)
    return RemovedFeed(id=feed_id)
