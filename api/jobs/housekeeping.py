"""Periodic task: queues lost jobs again, and deletes old rows."""

from datetime import timedelta

import structlog

from api.operations.feeds.retry_entries import settle_entries
from api.operations.stories.revisit_stories import revisit_stories
from api.queue.enqueue import enqueue_analyses, enqueue_search_notices
from api.queue.schema import prune_log
from api.runtime.cache_invalidation import KEPT as KEPT_CHANGES
from api.runtime.runtime import Runtime
from api.storage.analyses import analysis_jobs
from api.storage.database.database_clock import Times, read_times
from api.storage.feeds import feed_entries
from api.storage.keys import idempotency
from api.storage.language_models import call_budget, model_answers
from api.storage.log import change_log, events
from api.storage.stories import indexnow_outbox, proposals, unnamed
from api.storage.webhooks import deliveries

log = structlog.get_logger(__name__)

# A job that is open this long may be missing from the queue, after an error in the queue's transaction;
# queueing it again is idempotent.
LOST_AFTER = timedelta(seconds=60)
BATCH = 500
# A URL that no feed has shown for this long is forgotten; if shown again it is new, unless it is a story.
UNSEEN_AFTER = timedelta(days=90)
PROPOSALS_RETENTION = timedelta(days=1)  # of proposals and answers from which no story was published
CALLS_RETENTION = timedelta(days=7)  # of single calls of language models; the sums of days stay
INPUTS_RETENTION = timedelta(days=30)  # once no verdict refers to them
SOURCES_RETENTION = timedelta(days=90)  # once they have no story
INPUTS_A_ROUND = SOURCES_A_ROUND = 1_000  # rows checked; three million a day
MAX_SOURCES = 10  # deleted in a round
MAX_EVENTS = 10_000  # deleted in a round
MAX_CHANGES = 100_000  # small rows, 3,000 changes a second
MAX_RECORDS = 10_000  # in a round of 30 s: one worker keeps up with 300 writes a second


async def sweep(runtime: Runtime) -> int:
    """The number of open jobs old enough to be queued again. Several workers may run it at once.

    Nothing is deleted while this machine's clock and the database's differ: one of them is wrong.
    """
    async with runtime.pool.transaction() as connection:
        old = await analysis_jobs.list_open_jobs(
            connection, before=runtime.clock.now() - LOST_AFTER, limit=BATCH
        )
        await enqueue_analyses(connection, old)
        await prune_log(connection)
        times, now = await read_times(connection), runtime.clock.now()
    if runtime.settings.indexnow_key:
        async with runtime.pool.transaction() as connection:
            if await indexnow_outbox.has_notices(connection):
                await enqueue_search_notices(connection)
    await settle_entries(runtime)
    await revisit_stories(runtime)
    if times.differ_from(now):
        log.error("clocks_differ", seconds_ahead=round(times.seconds_ahead(now)))
    else:
        await _delete_old(runtime, times)
    return len(old)


async def _delete_old(runtime: Runtime, times: Times) -> None:
    settings = runtime.settings
    kept = timedelta(seconds=settings.idempotency_kept_s)
    async with runtime.pool.transaction() as connection:
        await idempotency.delete_old_records(connection, times.now - kept, MAX_RECORDS)
    ended = times.log_ends - timedelta(days=settings.analyses_kept_days)
    async with runtime.pool.transaction() as connection:
        await analysis_jobs.delete_ended(connection, ended, MAX_RECORDS)
    async with runtime.pool.transaction() as connection:
        await feed_entries.delete_unseen(connection, times.now - UNSEEN_AFTER, MAX_RECORDS)
    async with runtime.pool.transaction() as connection:
        unpublished = times.log_ends - PROPOSALS_RETENTION
        await proposals.delete_unpublished(connection, unpublished, MAX_RECORDS)
        await model_answers.delete_unpublished(connection, unpublished, MAX_RECORDS)
    async with runtime.pool.transaction() as connection:
        await call_budget.settle_expired(connection, times.now, MAX_RECORDS)
        await call_budget.delete_old_calls(connection, (times.now - CALLS_RETENTION).date(), MAX_RECORDS)
    async with runtime.pool.transaction() as connection:
        await unnamed.delete_unnamed_inputs(connection, times.log_ends - INPUTS_RETENTION, INPUTS_A_ROUND)
    async with runtime.pool.transaction() as connection:
        await unnamed.delete_unnamed_sources(
            connection, times.log_ends - SOURCES_RETENTION, SOURCES_A_ROUND, MAX_SOURCES
        )
    forgotten = times.log_ends - timedelta(days=settings.events_kept_days)
    async with runtime.pool.transaction() as connection:
        await deliveries.delete_old_deliveries(connection, forgotten, MAX_EVENTS)
        await change_log.delete_old_changes(connection, times.now - KEPT_CHANGES, MAX_CHANGES)
        await events.delete_old_events(connection, forgotten, MAX_EVENTS)
