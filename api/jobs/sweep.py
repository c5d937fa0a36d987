"""Periodic: brings back jobs that the queue lost sight of, and keeps what only grows small."""

from datetime import timedelta

from api.operations.changes import KEPT as KEPT_CHANGES
from api.operations.revisit_stories import revisit_stories
from api.operations.runtime import Runtime
from api.operations.settle_entries import settle_entries
from api.queue.enqueue import enqueue_analyses, enqueue_search_notices
from api.queue.schema import prune_log
from api.storage import analysis_jobs, changes, deliveries, events, feed_entries, idempotency, search_notices

# A job that is open this long may have lost its place in the queue (an error in the queue's own transaction);
# queueing it again does nothing where it has one.
LOST_AFTER = timedelta(seconds=60)
BATCH = 500
# An address that no feed has shown for so long is forgotten; shown again it would be new, unless it is a story.
UNSEEN_AFTER = timedelta(days=90)
MOST_EVENTS = 10_000  # forgotten a round
MOST_CHANGES = 100_000  # small rows: 3,000 changes a second
MOST_RECORDS = 10_000  # a round, every 30 s: one worker keeps up with 300 writes a second


async def sweep(runtime: Runtime) -> int:
    """How many open jobs were old enough to be queued again; may run in many workers at once."""
    async with runtime.pool.transaction() as connection:
        old = await analysis_jobs.list_open_jobs(
            connection, before=runtime.clock.now() - LOST_AFTER, limit=BATCH
        )
        await enqueue_analyses(connection, old)
        await prune_log(connection)
    if runtime.settings.indexnow_key:
        async with runtime.pool.transaction() as connection:
            if await search_notices.has_notices(connection):
                await enqueue_search_notices(connection)
    kept = timedelta(seconds=runtime.settings.idempotency_kept_s)
    async with runtime.pool.transaction() as connection:
        await idempotency.delete_old_records(connection, runtime.clock.now() - kept, MOST_RECORDS)
    await settle_entries(runtime)
    ended = runtime.clock.now() - timedelta(days=runtime.settings.analyses_kept_days)
    async with runtime.pool.transaction() as connection:
        await analysis_jobs.delete_ended(connection, ended, MOST_RECORDS)
    await revisit_stories(runtime)
    async with runtime.pool.transaction() as connection:
        await feed_entries.delete_unseen(connection, runtime.clock.now() - UNSEEN_AFTER, MOST_RECORDS)
    forgotten = runtime.clock.now() - timedelta(days=runtime.settings.events_kept_days)
    async with runtime.pool.transaction() as connection:
        await deliveries.delete_old_deliveries(connection, forgotten, MOST_EVENTS)
        await events.delete_old_events(connection, forgotten, MOST_EVENTS)
        await changes.delete_old_changes(connection, runtime.clock.now() - KEPT_CHANGES, MOST_CHANGES)
    return len(old)
