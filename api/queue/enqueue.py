"""Puts jobs into the queue, inside the caller's transaction."""

from collections.abc import Sequence

import asyncpg
from asyncpg.pool import PoolConnectionProxy
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver

from api.queue.schema import queries

ANALYZE_STORY = "analyze_story"
TELL_SEARCH_ENGINES = "tell_search_engines"
NOBODY_WAITS = -1  # the priority of what no client asked for; 0 is that of the rest


async def enqueue_analyses(
    connection: asyncpg.Connection | PoolConnectionProxy, job_ids: Sequence[str], *, priority: int = 0
) -> None:
    """Queue these analysis jobs, a higher priority first; one that waits or runs already is left as it is."""
    if not job_ids:
        return
    await queries(AsyncpgDriver(connection)).enqueue(
        [ANALYZE_STORY] * len(job_ids),
        [job_id.encode() for job_id in job_ids],
        [priority] * len(job_ids),
        dedupe_key=list(job_ids),
        on_conflict="skip",
    )


async def enqueue_search_notices(connection: asyncpg.Connection | PoolConnectionProxy) -> None:
    """Queue the job that tells search engines of what waits; there is never more than one."""
    await queries(AsyncpgDriver(connection)).enqueue(
        [TELL_SEARCH_ENGINES],
        [None],
        [NOBODY_WAITS],
        dedupe_key=[TELL_SEARCH_ENGINES],
        on_conflict="skip",
    )
