"""Queues jobs, in the caller's transaction.

The more unfinished analyses an account has, the lower the priority of its next job: one step for every twenty.
Otherwise one key could have a thousand slow pages read first, for an hour. A queue for each account would be
fairer, but would need our own queue. Submitting a page that is already queued raises its priority, or one
account's many popular URLs would delay everybody else who wants one of them.
"""

from collections.abc import Sequence
from datetime import timedelta

import asyncpg
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver

from api.queue.schema import queries
from api.traces import current_traceparent

ANALYZE_STORY = "analyze_story"
SECOND_OPINION = "second_opinion"
TELL_SEARCH_ENGINES = "tell_search_engines"
NOBODY_WAITS = -100  # the priority of jobs that no client requested
_AHEAD = 20  # unfinished analyses of an account for each step down

# Raises the priority of a queued job.
RAISE_PRIORITY = """
UPDATE queue.pgqueuer SET priority = $2 WHERE dedupe_key = $1 AND status = 'queued' AND priority < $2
"""


# Lets a queued job run now.
RUN_NOW = """
UPDATE queue.pgqueuer SET execute_after = now()
WHERE dedupe_key = $1 AND status = 'queued' AND execute_after > now()
"""


def priority_of(open_analyses: int) -> int:
    """The priority of an account's next job, by its number of unfinished analyses."""
    return max(-(open_analyses // _AHEAD), NOBODY_WAITS + 1)


async def enqueue_analyses(
    connection: asyncpg.Connection,
    job_ids: Sequence[str],
    *,
    priority: int = 0,
    entrypoint: str = ANALYZE_STORY,
    delay: timedelta | None = None,
) -> None:
    """Queue analysis jobs, higher priority first; a queued or running one is left as it is.

    They run after `delay`, in the current trace. Second opinions have an entry point of their own, so that jobs
    that wait for a slow model take no other job's place.
    """
    if not job_ids:
        return
    traceparent = current_traceparent()
    headers = None if traceparent is None else {"traceparent": traceparent}
    await queries(AsyncpgDriver(connection)).enqueue(
        [entrypoint] * len(job_ids),
        [job_id.encode() for job_id in job_ids],
        [priority] * len(job_ids),
        [delay] * len(job_ids),
        dedupe_key=list(job_ids),
        headers=[headers] * len(job_ids),
        on_conflict="skip",
    )


async def hasten_analysis(connection: asyncpg.Connection, job_id: str, priority: int) -> None:
    """Raise the priority of a queued job."""
    await connection.execute(RAISE_PRIORITY, job_id, priority)


async def run_analysis_now(connection: asyncpg.Connection, job_id: str) -> None:
    """End the delay of a queued job."""
    await connection.execute(RUN_NOW, job_id)


async def enqueue_search_notices(connection: asyncpg.Connection) -> None:
    """Queue the job that sends notices to search engines, unless it is queued already."""
    await queries(AsyncpgDriver(connection)).enqueue(
        [TELL_SEARCH_ENGINES],
        [None],
        [NOBODY_WAITS],
        dedupe_key=[TELL_SEARCH_ENGINES],
        on_conflict="skip",
    )
