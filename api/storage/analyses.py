"""Analyses: each account's view of the jobs it asked for."""

from datetime import datetime

from msgspec import Struct

from api.storage.pool import Connection
from schemas.enums import AnalysisStatus, InputKind

# Attaches an account to a job; once attached, it has the one analysis.
INSERT_ANALYSIS = """
INSERT INTO analyses (id, account_id, job_id, submitted_url, created_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (account_id, job_id) DO NOTHING
"""

# The id of an account's analysis of a job.
SELECT_ANALYSIS_ID = """
SELECT id FROM analyses WHERE account_id = $1 AND job_id = $2
"""

# One analysis of one account, or of any, with what its job came to.
SELECT_ANALYSIS = """
SELECT a.id, a.job_id, a.submitted_url, a.created_at, j.kind, j.status, j.tries, j.story_id, j.verdict_id,
       j.draft_result, j.error, j.started_at, j.finished_at
FROM analyses a JOIN analysis_jobs j ON j.id = a.job_id
WHERE a.id = $1 AND ($2::text IS NULL OR a.account_id = $2)
"""

# How many unfinished analyses an account has, counted up to a limit.
COUNT_OPEN_ANALYSES = """
SELECT count(*) FROM (
    SELECT FROM analyses a JOIN analysis_jobs j ON j.id = a.job_id
    WHERE a.account_id = $1 AND j.status IN ('queued', 'running') LIMIT $2
) AS open
"""

# Whom a job's end concerns.
SELECT_ANALYSES_OF_JOB = """
SELECT id, account_id, submitted_url FROM analyses WHERE job_id = $1 ORDER BY id
"""


class AnalysisRecord(Struct, kw_only=True, frozen=True):
    """An analysis with its job's state; `draft_result` and `error` are JSON."""

    id: str
    job_id: str
    submitted_url: str | None
    created_at: datetime
    kind: InputKind
    status: AnalysisStatus
    tries: int
    story_id: str | None
    verdict_id: str | None
    draft_result: str | None
    error: str | None
    started_at: datetime | None
    finished_at: datetime | None


class AnalysisOwner(Struct, kw_only=True, frozen=True):
    id: str
    account_id: str
    submitted_url: str | None


async def attach(
    connection: Connection,
    *,
    analysis_id: str,
    account_id: str,
    job_id: str,
    submitted_url: str | None,
    at: datetime,
) -> str:
    """The id of the account's analysis of the job: the new one, or the one that it had."""
    await connection.execute(INSERT_ANALYSIS, analysis_id, account_id, job_id, submitted_url, at)
    found: str = await connection.fetchval(SELECT_ANALYSIS_ID, account_id, job_id)
    return found


async def get_analysis(
    connection: Connection, analysis_id: str, account_id: str | None
) -> AnalysisRecord | None:
    """Of the account, or of whichever it is where `account_id` is None."""
    row = await connection.fetchrow(SELECT_ANALYSIS, analysis_id, account_id)
    if row is None:
        return None
    return AnalysisRecord(
        **dict(row) | {"kind": InputKind(row["kind"]), "status": AnalysisStatus(row["status"])}
    )


async def count_open_analyses(connection: Connection, account_id: str, limit: int) -> int:
    """At most `limit`, so that the count costs the same whatever there is."""
    count: int = await connection.fetchval(COUNT_OPEN_ANALYSES, account_id, limit)
    return count


async def list_owners(connection: Connection, job_id: str) -> list[AnalysisOwner]:
    return [AnalysisOwner(**dict(row)) for row in await connection.fetch(SELECT_ANALYSES_OF_JOB, job_id)]
