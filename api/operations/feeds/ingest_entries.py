"""From what a feed announces to analyses: each address once, whichever feed was first, and never a flood."""

import hashlib
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from api.errors import ApiError
from api.feeds.feed import FeedDocument, FeedEntry
from api.fetching.policy import FetchPolicy
from api.operations.stories.open_page_job import open_page_job
from api.queue.enqueue import NOBODY_WAITS, enqueue_analyses
from api.runtime.runtime import Runtime
from api.storage.analyses.analysis_jobs import get_backlog
from api.storage.database.pool import Connection
from api.storage.feeds import feed_entries
from api.storage.feeds.source_feeds import DueFeed
from api.storage.stories import aliases
from api.web.urls import parse_target, variants
from schemas.source_feeds import FeedReading

LOOK_AFTER: Final = timedelta(minutes=10)  # until an entry's page is read, or not
SEEN_AGAIN: Final = timedelta(days=7)
AHEAD: Final = timedelta(hours=26)  # what is dated later than any zone's tomorrow is not dated


class _Entries(Struct, kw_only=True, frozen=True):
    """Entries by the digest of their key, each once."""

    new: dict[bytes, FeedEntry]
    known: list[bytes]
    refused: int


async def take_entries(
    connection: Connection, runtime: Runtime, policy: FetchPolicy, feed: DueFeed, document: FeedDocument
) -> FeedReading:
    """Open an analysis job for each new entry, in the caller's transaction, as far as there is room.

    What there is no room for is left for a later poll, except at the first: then it is old.
    """
    now, settings = runtime.clock.now(), runtime.settings
    sorted_out = await _sort_out(connection, policy, document)
    await feed_entries.note_seen(connection, sorted_out.known, now, now - SEEN_AGAIN)
    stories = await _of_stories(connection, sorted_out.new)
    since = now - timedelta(hours=settings.feed_entry_max_age_h)
    old = [digest for digest, entry in sorted_out.new.items() if _date(entry, now) < since]
    passed = stories | set(old)
    wanted = sorted(
        (digest for digest in sorted_out.new if digest not in passed),
        key=lambda digest: _date(sorted_out.new[digest], now),
        reverse=True,
    )
    room = await _room(connection, runtime, feed)
    taken, rest = wanted[:room], wanted[room:]
    if feed.first:
        old += rest
        rest = []
    # those that another feed announced a moment ago are its own
    ours = await feed_entries.insert_entries(connection, [*stories, *old, *taken], feed.id, now)
    taken = [digest for digest in taken if digest in ours]
    job_ids = []
    for digest in taken:
        entry = sorted_out.new[digest]
        job_id, _ = await open_page_job(connection, runtime.clock, entry.url, entry.key)
        await feed_entries.set_job(connection, digest, job_id, now + LOOK_AFTER)
        job_ids.append(job_id)
    await enqueue_analyses(connection, job_ids, priority=NOBODY_WAITS)
    entries = len(document.entries) + document.unlinked
    return FeedReading(
        entries=entries,
        taken=len(taken),
        known=entries - len(taken) - len(old) - len(rest) - sorted_out.refused,
        old=len(old),
        refused=sorted_out.refused,
        misdated=sum(entry.misdated for entry in document.entries),
        left=len(rest),
        cut=document.cut,
    )


async def _sort_out(connection: Connection, policy: FetchPolicy, document: FeedDocument) -> _Entries:
    entries: dict[bytes, FeedEntry] = {}
    refused = document.unlinked
    for entry in document.entries:
        try:
            policy.refuse(parse_target(entry.url))
        except ApiError:
            refused += 1
            continue
        entries.setdefault(hashlib.sha256(entry.key.encode()).digest(), entry)
    known = await feed_entries.known_entries(connection, list(entries))
    return _Entries(
        new={digest: entry for digest, entry in entries.items() if digest not in known},
        known=sorted(known),
        refused=refused,
    )


async def _of_stories(connection: Connection, new: dict[bytes, FeedEntry]) -> set[bytes]:
    """Those whose page is a story already, under this address or a variant of it."""
    forms = {digest: variants(entry.url) for digest, entry in new.items()}
    known = await aliases.known_keys(connection, [key for keys in forms.values() for key in keys])
    return {digest for digest, keys in forms.items() if not known.isdisjoint(keys)}


async def _room(connection: Connection, runtime: Runtime, feed: DueFeed) -> int:
    """How many jobs the feed may open now. Half of the queue stays free for those who submit."""
    settings = runtime.settings
    half = settings.max_queued_jobs // 2
    waiting, _ = await get_backlog(connection, half)
    most = settings.feed_first_entries if feed.first else settings.feed_entries_per_poll
    return max(min(most, settings.feed_entries_per_day - feed.taken_today, half - waiting), 0)


def _date(entry: FeedEntry, now: datetime) -> datetime:
    """When it was published; now where it does not say, or says what cannot be."""
    at = entry.published_at
    return now if at is None or at > now + AHEAD else min(at, now)
