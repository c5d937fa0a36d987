"""Reads stories' pages again after an hour, a day and a week; edited texts are judged again."""

from datetime import timedelta
from typing import Final

from api.operations.stories.open_page_job import open_page_job
from api.queue.enqueue import NOBODY_WAITS, enqueue_analyses
from api.runtime.runtime import Runtime
from api.storage.analyses.analysis_jobs import get_backlog
from api.storage.stories.revisits import claim_revisits, end_revisits, set_revisit

# Most corrections come within an hour, nearly all within a week.
AFTER: Final = (timedelta(hours=1), timedelta(days=1), timedelta(days=7))
BATCH: Final = 200


async def revisit_stories(runtime: Runtime) -> int:
    """The number of jobs opened; several workers may run it. Half of the queue is reserved for others.

    Visits missed while no worker ran are skipped, except the last.
    """
    now, half = runtime.clock.now(), runtime.settings.max_queued_jobs // 2
    async with runtime.pool.transaction() as connection:
        waiting, _ = await get_backlog(connection, half)
        job_ids = []
        for due in await claim_revisits(connection, now, min(BATCH, half - waiting)):
            following = next(
                (step for step in range(due.step + 1, len(AFTER)) if due.created_at + AFTER[step] > now), None
            )
            if following is None or due.retracted:
                await end_revisits(connection, due.story_id)
            else:
                await set_revisit(connection, due.story_id, following, due.created_at + AFTER[following])
            if not due.retracted:
                job_id, _ = await open_page_job(connection, runtime.clock, due.url, due.key)
                job_ids.append(job_id)
        await enqueue_analyses(connection, job_ids, priority=NOBODY_WAITS)
    return len(job_ids)
