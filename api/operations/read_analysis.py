"""An analysis as its submitter sees it."""

from datetime import datetime, timedelta

import msgspec

from api.errors import Gone, NotFound
from api.storage import analyses
from api.storage.pool import Connection
from schemas.analyses import Analysis, AnalysisLinks, AnalysisResult
from schemas.enums import AnalysisStatus
from schemas.problems import Problem
from schemas.reproductions import Reproduction
from schemas.verdicts import Verdict

FINISHED = frozenset(
    {AnalysisStatus.SUCCEEDED, AnalysisStatus.FAILED, AnalysisStatus.CANCELLED, AnalysisStatus.ERASED}
)
NO_ANALYSIS = "There is no such analysis."


KEPT = timedelta(days=30)  # conventions A38: after its end


async def read_analysis(
    connection: Connection,
    analysis_id: str,
    account_id: str | None,
    base_url: str,
    *,
    now: datetime | None = None,
) -> Analysis:
    """Raises NotFound, also for another account's analysis; `account_id` None asks for any account's.

    With `now`, raises Gone for one that has ended longer ago than it is kept.
    """
    record = await analyses.get_analysis(connection, analysis_id, account_id)
    if record is None:
        raise NotFound(NO_ANALYSIS)
    if now is not None and record.finished_at is not None and record.finished_at < now - KEPT:
        raise Gone(
            f"The analysis ended on {record.finished_at:%d %B %Y}; results are kept for {KEPT.days} days."
        )
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
        error=None if record.error is None else msgspec.json.decode(record.error, type=Problem),
        callbacks=record.callbacks,
        created_at=record.created_at,
        started_at=record.started_at,
        finished_at=record.finished_at,
        links=AnalysisLinks(
            self=f"{base_url}/v1/analyses/{record.id}",
            story=f"{base_url}/v1/stories/{record.story_id}" if record.story_id else None,
            verdict=f"{base_url}/v1/verdicts/{record.verdict_id}" if record.verdict_id else None,
        ),
    )
