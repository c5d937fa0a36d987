"""Erases a draft: its text, its verdict, and everything derived from them.

The audit log has no digest of the draft, because a digest can be compared with a guess. The `Idempotency-Key`
record stays for its day, with a digest of the whole body, or a repeated request would bring the draft back.
"""

from api.errors import Conflict, NotFound
from api.operations.analyses.finish_analysis import terminal_events
from api.operations.analyses.read_analysis import FINISHED, NO_ANALYSIS, read_analysis
from api.runtime.runtime import Runtime
from api.storage.analyses import analyses, analysis_jobs
from api.storage.database.pool import Connection
from api.storage.language_models import model_answers
from api.storage.log.audit_log import Origin, append_audit
from api.storage.log.events import append_events
from api.storage.stories import proposals
from schemas.analyses import Analysis
from schemas.enums import AnalysisStatus, InputKind
from schemas.events import EventType

_DRAFTS = (InputKind.TEXT, InputKind.HTML)


async def erase_draft(
    connection: Connection, runtime: Runtime, analysis_id: str, *, seen_by: str | None, origin: Origin
) -> Analysis:
    """The erased analysis, as the last statement of the caller's transaction. Idempotent.

    `seen_by` is the calling account, None for an administrator. Raises NotFound, also for another account's
    analysis; Conflict for the analysis of a page.
    """
    found = await analyses.get_analysis(connection, analysis_id, seen_by)
    if found is None:
        raise NotFound(NO_ANALYSIS)
    if found.kind not in _DRAFTS:
        raise Conflict("Only a draft can be erased. A page became a story, which an operator can retract.")
    job = await analysis_jobs.lock_job(connection, found.job_id)
    assert job is not None, "an analysis has a job"
    if job.status is not AnalysisStatus.ERASED:
        now = runtime.clock.now()
        events = []
        if job.status not in FINISHED:
            events = await terminal_events(
                connection, runtime, job.id, EventType.ANALYSIS_CANCELLED, {"reason": "erased"}, None
            )
        await analysis_jobs.erase_job(connection, job.id, now)
        await proposals.delete_of_job(connection, job.id)
        await model_answers.delete_of_job(connection, job.id)
        await append_audit(connection, origin, "draft.erased", found.id, before=None, after=None, at=now)
        await append_events(connection, events, now)
    return await read_analysis(connection, analysis_id, seen_by, runtime.base_url)
