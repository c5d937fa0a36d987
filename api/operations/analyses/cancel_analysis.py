"""Cancels an analysis: its job if no other analysis shares it, else only this account's part.

A cancelled part of a shared job gets a cancelled job of its own. A mark on the analysis was the alternative:
every count and event would have had to check it.
"""

from api.errors import Conflict, NotFound
from api.operations.analyses.finish_analysis import terminal_events
from api.operations.analyses.read_analysis import FINISHED, NO_ANALYSIS, read_analysis
from api.runtime.runtime import Runtime
from api.storage.analyses import analyses, analysis_jobs
from api.storage.database.pool import Connection
from api.storage.log.events import append_events
from schemas.analyses import Analysis
from schemas.enums import AnalysisStatus, InputKind
from schemas.events import EventType


async def cancel_analysis(
    connection: Connection, runtime: Runtime, analysis_id: str, account_id: str
) -> Analysis:
    """The cancelled analysis, as the last statement of the caller's transaction. Idempotent.

    A running try publishes nothing, because it is fenced. Raises NotFound, also for another account's analysis;
    Conflict if it has ended otherwise.
    """
    found = await analyses.get_analysis(connection, analysis_id, account_id)
    if found is None:
        raise NotFound(NO_ANALYSIS)
    job = await analysis_jobs.lock_job(connection, found.job_id)
    assert job is not None, "an analysis has a job"
    if job.status in FINISHED and job.status is not AnalysisStatus.CANCELLED:
        raise Conflict(f"The analysis has already ended: it is {job.status}.")
    if job.status is not AnalysisStatus.CANCELLED:
        now, job_id = runtime.clock.now(), job.id
        # read under the lock: an analysis that joins later waits, and finds the job ended
        others = len(await analyses.list_owners(connection, job.id)) > 1
        if others or job.kind is InputKind.SECOND_OPINION:  # the service itself may want that
            job_id = runtime.clock.new_id("job")
            await analysis_jobs.insert_cancelled_job(connection, job.id, job_id, now)
            await analyses.move_to_job(connection, analysis_id, job_id)
        else:
            await analysis_jobs.finish_job(connection, job_id, AnalysisStatus.CANCELLED, at=now)
        events = await terminal_events(connection, runtime, job_id, EventType.ANALYSIS_CANCELLED, {}, None)
        await append_events(connection, events, now)
    return await read_analysis(connection, analysis_id, account_id, runtime.base_url)
