"""IndexNow (indexnow.org): tells search engines which pages are new, revised or retracted.

A change stores a notice in its own transaction. A job reads the notices, sends one message outside any
transaction, and then deletes those that were sent; a message sent twice does no harm. A cursor over the event
log was the alternative: it would announce a story once for each event, and the whole history when the setting
is switched on.
"""

from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

import msgspec
import structlog
from msgspec import Struct

from api.errors import ApiError
from api.fetching.client import GuardedClient
from api.runtime.runtime import Runtime
from api.storage.database.database_clock import read_times
from api.storage.database.pool import Connection
from api.storage.stories import indexnow_outbox
from api.storage.stories.indexnow_outbox import put_notice
from api.web.urls import parse_target
from api.webhooks.schedule import read_retry_after


async def note_for_search(connection: Connection, runtime: Runtime, story_id: str) -> None:
    """Store a notice that the story's page has changed, if IndexNow is configured."""
    if runtime.settings.indexnow_key:
        await put_notice(connection, story_id, runtime.clock.now())


log = structlog.get_logger(__name__)

MAX_URLS: Final = 10_000  # for one message, by the protocol
GIVEN_UP_AFTER: Final = timedelta(days=2)  # by then the engines have read the sitemap
_PAUSE: Final = timedelta(minutes=1)  # before the second attempt, then doubled
_MAX_PAUSE: Final = timedelta(hours=1)
_REFUSALS: Final = (400, 403, 422)  # a retry cannot help: wrong message, key or URLs


class SentNotices(Struct, kw_only=True, frozen=True):
    """`again` is the delay before the next message; None if nothing is left."""

    pages: int
    again: timedelta | None


async def tell_search_engines(runtime: Runtime, client: GuardedClient, attempt: int) -> SentNotices:
    """Announce the oldest notices. `attempt` counts the failed attempts before this one.

    Raises Unavailable.
    """
    if not runtime.settings.indexnow_key:  # the key was removed after the job was queued
        return SentNotices(pages=0, again=None)
    given_up = 0
    async with runtime.pool.transaction() as connection:
        times = await read_times(connection)
        if not times.differ_from(runtime.clock.now()):
            given_up = await indexnow_outbox.delete_old_notices(connection, times.now - GIVEN_UP_AFTER)
        waiting = await indexnow_outbox.list_notices(connection, MAX_URLS)
    if given_up:
        log.warning("search_notices_given_up", pages=given_up)
    if not waiting:
        return SentNotices(pages=0, again=None)
    pause = await _send(runtime, client, [notice.story_id for notice in waiting], attempt)
    if pause is not None:
        return SentNotices(pages=0, again=pause)
    async with runtime.pool.transaction() as connection:
        await indexnow_outbox.delete_sent(connection, waiting)
        more = await indexnow_outbox.has_notices(connection)
    return SentNotices(pages=len(waiting), again=timedelta(0) if more else None)


async def _send(
    runtime: Runtime, client: GuardedClient, story_ids: list[str], attempt: int
) -> timedelta | None:
    """Send a message; returns the delay before a retry, or None if none is needed."""
    settings, base_url = runtime.settings, runtime.base_url
    message = {
        "host": urlsplit(base_url).netloc,
        "key": settings.indexnow_key,
        "keyLocation": f"{base_url}/{settings.indexnow_key}.txt",
        "urlList": [f"{base_url}/v1/stories/{story_id}.html" for story_id in story_ids],
    }
    doubled: timedelta = min(_PAUSE * 2 ** min(attempt, 10), _MAX_PAUSE)
    try:
        async with client.send(
            parse_target(settings.indexnow_url),
            method="POST",
            headers={"Content-Type": "application/json; charset=utf-8"},
            body=msgspec.json.encode(message),
        ) as response:
            status = response.status
            named = {name.lower(): value.decode("latin-1") for name, value in response.headers}
    except ApiError as failed:
        log.warning("search_notices_not_sent", pages=len(story_ids), reason=failed.title)
        return doubled
    if 200 <= status < 300:
        return None
    if status in _REFUSALS:
        log.error("search_notices_refused", pages=len(story_ids), status=status)
        return None
    log.warning("search_notices_not_taken", pages=len(story_ids), status=status)
    asked = read_retry_after(named.get(b"retry-after"), runtime.clock.now())
    return doubled if asked is None else min(max(timedelta(seconds=asked), _PAUSE), _MAX_PAUSE)
