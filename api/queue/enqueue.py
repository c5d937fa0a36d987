"""Puts jobs into the queue, inside the caller's transaction.

The more unfinished analyses an account has, the later its next job: one step of priority for every twenty.
Within its caps one key could otherwise have a thousand slow pages of as many hosts read first, for an hour. A
queue for each account would be fairer still, but it would be a queue of our own. Submitting a page that waits
already raises its priority; otherwise one account's pile of popular addresses would delay everybody else who
wants one of them.
"""

from collections.abc import Sequence

import asyncpg
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver

from api.queue.schema import queries
from api.traces import current_traceparent

ANALYZE_STORY = "analyze_story"
TELL_SEARCH_ENGINES = "tell_search_engines"
NOBODY_WAITS = -100  # the priority of what no client asked for
_AHEAD = 20  # unfinished analyses of one account, by which its next one stands a step further behind

# Lets a job that waits be taken earlier.
RAISE_PRIORITY = """
UPDATE queue.pgqueuer SET priority = $2 WHERE dedupe_key = $1 AND status = 'queued' AND priority < $2
"""


def priority_of(open_analyses: int) -> int:
    """Of the next job of an account that has so many unfinished analyses: nobody's thousand slow pages keep the
    first page of another waiting.
    """
    return max(-(open_analyses // _AHEAD), NOBODY_WAITS + 1)


async def enqueue_analyses(
    connection: asyncpg.Connection, job_ids: Sequence[str], *, priority: int = 0
) -> None:
    """Queue these analysis jobs, a higher priority first; one that waits or runs already is left as it is.

    A new one belongs to the trace of whoever queues it.
    """
    if not job_ids:
        return
    traceparent = current_traceparent()
    headers = None if traceparent is None else {"traceparent": traceparent}
    await queries(AsyncpgDriver(connection)).enqueue(
        [ANALYZE_STORY] * len(job_ids),
        [job_id.encode() for job_id in job_ids],
        [priority] * len(job_ids),
        dedupe_key=list(job_ids),
        headers=[headers] * len(job_ids),
        on_conflict="skip",
    )


async def hasten_analysis(connection: asyncpg.Connection, job_id: str, priority: int) -> None:
    """Somebody waits for this job whose own would have had this priority."""
    await connection.execute(RAISE_PRIORITY, job_id, priority)


async def enqueue_search_notices(connection: asyncpg.Connection) -> None:
    """Queue the job that tells search engines of what waits; there is never more than one."""
    await queries(AsyncpgDriver(connection)).enqueue(
        [TELL_SEARCH_ENGINES],
        [None],
        [NOBODY_WAITS],
        dedupe_key=[TELL_SEARCH_ENGINES],
        on_conflict="skip",
    )
