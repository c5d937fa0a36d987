"""Has a feed polled at once, also one that was gone."""

from api.errors import NotFound
from api.operations.feeds.remove_feed import NO_FEED
from api.runtime.runtime import Runtime
from api.storage.database.pool import Connection
from api.storage.feeds import source_feeds
from api.storage.log.audit_log import Origin, append_audit
from schemas.source_feeds import Feed


async def poll_now(connection: Connection, runtime: Runtime, feed_id: str, *, origin: Origin) -> Feed:
    """The feed, due now, in the caller's transaction; its host is not asked faster for that. Raises NotFound."""
    now = runtime.clock.now()
    before = await source_feeds.get_feed(connection, feed_id)
    await source_feeds.set_due(connection, feed_id, now)
    feed = await source_feeds.get_feed(connection, feed_id)
    if feed is None:
        raise NotFound(NO_FEED)
    await append_audit(connection, origin, "feed.polled", feed_id, before=before, after=feed, at=now)
    return feed
