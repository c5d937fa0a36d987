"""Judges a story's stored text again, after a new engine, a ruling or a corrected source."""

from api.errors import Conflict
from api.operations.analyses.read_analysis import read_analysis
from api.operations.stories.resolve_story import resolve_story
from api.queue.enqueue import enqueue_analyses
from api.runtime.runtime import Runtime
from api.storage.analyses import analyses, analysis_jobs
from api.storage.database.pool import Connection
from api.storage.log.audit_log import Origin, append_audit
from api.storage.stories.inputs import is_held
from schemas.analyses import Analysis


async def rescore_story(
    connection: Connection, runtime: Runtime, id_or_slug: str, *, account_id: str, origin: Origin
) -> Analysis:
    """The account's analysis, queued in the caller's transaction.

    Its result is the new verdict, or the current one if nothing changes. Raises NotFound, Gone for a retracted
    story.
    """
    story_id = await resolve_story(connection, id_or_slug)
    clock = runtime.clock
    now = clock.now()
    job_id = await queue_rescoring(connection, runtime, story_id)
    analysis_id = await analyses.attach(
        connection,
        analysis_id=clock.new_id("ana"),
        account_id=account_id,
        job_id=job_id,
        submitted_url=None,
        at=now,
        payment=None,
    )
    analysis = await read_analysis(connection, analysis_id, account_id, runtime.base_url)
    await append_audit(connection, origin, "story.rescored", story_id, before=None, after=analysis, at=now)
    return analysis


async def queue_rescoring(
    connection: Connection, runtime: Runtime, story_id: str, *, priority: int = 0
) -> str:
    """The id of the job, queued in the caller's transaction. Raises Conflict if the text is not stored."""
    if not await is_held(connection, story_id):
        raise Conflict("The text of this imported story is not stored here. Submit its URL instead.")
    job_id = runtime.clock.new_id("job")
    await analysis_jobs.insert_stored_job(
        connection, job_id=job_id, story_id=story_id, at=runtime.clock.now()
    )
    await enqueue_analyses(connection, [job_id], priority=priority)
    return job_id
