"""Accepts a request to reproduce a verdict: an analysis of the one job that does it."""

from api.errors import NotFound, Unavailable
from api.operations.analyses.check_caps import check_charges, check_open_analyses
from api.operations.analyses.read_analysis import read_analysis
from api.operations.stories.resolve_story import NO_VERDICT, gone
from api.queue.enqueue import enqueue_analyses, hasten_analysis, priority_of
from api.runtime.runtime import Runtime
from api.storage.analyses import analyses, analysis_jobs
from api.storage.analyses.analyses import Payment
from api.storage.database.pool import Connection
from api.storage.keys.keys import KeyHolder
from api.storage.stories.retractions import get_tombstone
from api.storage.stories.verdicts import get_verdict
from schemas.analyses import Analysis
from schemas.ids import is_id

_ATTEMPTS = 5  # as in `open_page_job`


async def request_reproduction(
    connection: Connection,
    runtime: Runtime,
    verdict_id: str,
    holder: KeyHolder,
    *,
    charged: int,
    counted: bool,
) -> Analysis:
    """The account's analysis, in the caller's transaction; an open reproduction of the verdict is shared.

    `charged` and `counted` as in `accept_analysis`. Raises NotFound, Gone if the story is retracted,
    QuotaExceeded.
    """
    if not counted:
        await check_charges(connection, runtime, holder, charged)
    waiting = await check_open_analyses(connection, runtime, holder.account_id)
    verdict = await get_verdict(connection, verdict_id) if is_id("vrd", verdict_id) else None
    if verdict is None:
        raise NotFound(NO_VERDICT)
    if await get_tombstone(connection, verdict.story_id) is not None:
        raise await gone(connection, verdict.story_id)
    analysis_id = await analyses.attach(
        connection,
        analysis_id=runtime.clock.new_id("ana"),
        account_id=holder.account_id,
        job_id=await _open_job(connection, runtime, verdict.id, verdict.story_id, priority_of(waiting)),
        submitted_url=None,
        payment=Payment(key_id=holder.key_id, charged=charged),
        at=runtime.clock.now(),
    )
    return await read_analysis(connection, analysis_id, holder.account_id, runtime.base_url)


async def _open_job(
    connection: Connection, runtime: Runtime, verdict_id: str, story_id: str, priority: int
) -> str:
    for _ in range(_ATTEMPTS):
        job_id = runtime.clock.new_id("job")
        if await analysis_jobs.insert_reproduction_job(
            connection, job_id=job_id, story_id=story_id, verdict_id=verdict_id, at=runtime.clock.now()
        ):
            await enqueue_analyses(connection, [job_id], priority=priority)
            return job_id
        open_id = await analysis_jobs.find_open_reproduction(connection, verdict_id)
        if open_id is not None:
            await hasten_analysis(connection, open_id, priority)
            return open_id
    raise Unavailable("The reproduction of this verdict keeps changing; try again.", retry_after=1)
