"""Reads an analysis as its submitter sees it.

An analysis is deleted 30 days after its end and answers 410 from then on. No row records that: an id contains
its time of creation, so an id without a row that is older than the retention is 410, for every account.
"""

from datetime import datetime

import msgspec

from api.errors import Gone, NotFound
from api.runtime.problem_details import stored_problem
from api.storage.analyses import analyses
from api.storage.database.pool import Connection
from schemas.analyses import Analysis, AnalysisLinks, AnalysisResult
from schemas.enums import AnalysisStatus
from schemas.ids import is_id, made_at
from schemas.reproductions import Reproduction
from schemas.verdicts import Verdict

FINISHED = frozenset(
    {AnalysisStatus.SUCCEEDED, AnalysisStatus.FAILED, AnalysisStatus.CANCELLED, AnalysisStatus.ERASED}
)
NO_ANALYSIS = "There is no such analysis."


async def read_analysis(
    connection: Connection,
    analysis_id: str,
    account_id: str | None,
    base_url: str,
    *,
    ended_since: datetime | None = None,
) -> Analysis:
    """Raises NotFound, also for another account's analysis; `account_id` None means any account.

    With `ended_since`, raises Gone for an analysis that ended, or an unknown id that was created, before.
    """
    record = await analyses.get_analysis(connection, analysis_id, account_id)
    ended = record.finished_at if record else made_at(analysis_id) if is_id("ana", analysis_id) else None
    if ended_since is not None and ended is not None and ended < ended_since:
        raise Gone(f"Analyses that ended before {ended_since:%d %B %Y} are deleted.")
    if record is None:
        raise NotFound(NO_ANALYSIS)
    result = None
    if record.status is AnalysisStatus.SUCCEEDED:
        draft, reproduction = record.draft_result, record.reproduction
        result = AnalysisResult(
            story_id=record.story_id,
            verdict_id=record.verdict_id,
            draft=None if draft is None else msgspec.json.decode(draft, type=Verdict),
            reproduction=None
            if reproduction is None
            else msgspec.json.decode(reproduction, type=Reproduction),
        )
    return Analysis(
        id=record.id,
        kind=record.kind,
        status=record.status,
        url=record.submitted_url,
        tries=record.tries,
        result=result,
        error=None if record.error is None else stored_problem(record.error),
        callbacks=record.callbacks,
        created_at=record.created_at,
        started_at=record.started_at,
        finished_at=_not_before(record.created_at, record.finished_at),
        links=AnalysisLinks(
            self=f"{base_url}/v1/analyses/{record.id}",
            story=f"{base_url}/v1/stories/{record.story_id}" if record.story_id else None,
            verdict=f"{base_url}/v1/verdicts/{record.verdict_id}" if record.verdict_id else None,
        ),
    )


def _not_before(created_at: datetime, finished_at: datetime | None) -> datetime | None:
    """The end of an analysis, at the earliest its creation.

    A job that is answered from a story ends before the analysis is created, and the clock of the process that
    ends a job may be behind.
    """
    return None if finished_at is None else max(created_at, finished_at)
