"""Looks at stories' pages again an hour, a day and a week after the first time: an edited text is judged anew."""

from datetime import timedelta
from typing import Final

from api.operations.stories.open_page_job import open_page_job
from api.queue.enqueue import NOBODY_WAITS, enqueue_analyses
from api.runtime.runtime import Runtime
from api.storage.analyses.analysis_jobs import get_backlog
from api.storage.stories.revisits import claim_revisits, end_revisits, set_revisit

# Most corrections are made within the hour, and nearly all within the week.
AFTER: Final = (timedelta(hours=1), timedelta(days=1), timedelta(days=7))
BATCH: Final = 200


async def revisit_stories(runtime: Runtime) -> int:
    """How many jobs were opened; may run in many workers at once. Half of the queue stays free for others.

    A look that is long past when there was no worker is left out, the next one made in its place.
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
