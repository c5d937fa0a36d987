"""Opens analyses for new feed entries: one for each address over all feeds, within limits."""

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

LOOK_AFTER: Final = timedelta(minutes=10)  # until the result of an entry's job is checked
SEEN_AGAIN: Final = timedelta(days=7)
AHEAD: Final = timedelta(hours=26)  # no time zone is further ahead; a later date is wrong


class _Entries(Struct, kw_only=True, frozen=True):
    """Entries by the digest of their key."""

    new: dict[bytes, FeedEntry]
    known: list[bytes]
    refused: int


async def take_entries(
    connection: Connection, runtime: Runtime, policy: FetchPolicy, feed: DueFeed, document: FeedDocument
) -> FeedReading:
    """Open an analysis job for each new entry, in the caller's transaction, up to the feed's limits.

    The rest is left for a later poll; at the first poll it counts as old.
    """
    now, settings = runtime.clock.now(), runtime.settings
    classified = await _classify(connection, policy, document)
    await feed_entries.note_seen(connection, classified.known, now, now - SEEN_AGAIN)
    stories = await _known_stories(connection, classified.new)
    since = now - timedelta(hours=settings.feed_entry_max_age_h)
    old = [digest for digest, entry in classified.new.items() if _date(entry, now) < since]
    skipped = stories | set(old)
    wanted = sorted(
        (digest for digest in classified.new if digest not in skipped),
        key=lambda digest: _date(classified.new[digest], now),
        reverse=True,
    )
    slots = await _free_slots(connection, runtime, feed)
    taken, rest = wanted[:slots], wanted[slots:]
    if feed.first:
        old += rest
        rest = []
    # entries that another feed inserted a moment ago belong to it
    inserted = await feed_entries.insert_entries(connection, [*stories, *old, *taken], feed.id, now)
    taken = [digest for digest in taken if digest in inserted]
    job_ids = []
    for digest in taken:
        entry = classified.new[digest]
        job_id, _ = await open_page_job(connection, runtime.clock, entry.url, entry.key)
        await feed_entries.set_job(connection, digest, job_id, now + LOOK_AFTER)
        job_ids.append(job_id)
    await enqueue_analyses(connection, job_ids, priority=NOBODY_WAITS)
    entries = len(document.entries) + document.unlinked
    return FeedReading(
        entries=entries,
        taken=len(taken),
        known=entries - len(taken) - len(old) - len(rest) - classified.refused,
        old=len(old),
        refused=classified.refused,
        misdated=sum(entry.misdated for entry in document.entries),
        left=len(rest),
        cut=document.cut,
    )


async def _classify(connection: Connection, policy: FetchPolicy, document: FeedDocument) -> _Entries:
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


async def _known_stories(connection: Connection, new: dict[bytes, FeedEntry]) -> set[bytes]:
    """The entries whose page is already a story, under this URL or a variant of it."""
    forms = {digest: variants(entry.url) for digest, entry in new.items()}
    known = await aliases.known_keys(connection, [key for keys in forms.values() for key in keys])
    return {digest for digest, keys in forms.items() if not known.isdisjoint(keys)}


async def _free_slots(connection: Connection, runtime: Runtime, feed: DueFeed) -> int:
    """The number of jobs that the feed may open now. Half of the queue is reserved for submissions."""
    settings = runtime.settings
    half = settings.max_queued_jobs // 2
    waiting, _ = await get_backlog(connection, half)
    most = settings.feed_first_entries if feed.first else settings.feed_entries_per_poll
    return max(min(most, settings.feed_entries_per_day - feed.taken_today, half - waiting), 0)


def _date(entry: FeedEntry, now: datetime) -> datetime:
    """The time of publication, or now if it is missing or implausible."""
    at = entry.published_at
    return now if at is None or at > now + AHEAD else min(at, now)
