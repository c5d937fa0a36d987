"""Analyses: an account's view of its jobs."""

from datetime import datetime

from msgspec import Struct

from api.storage.database.pool import Connection
from schemas.enums import AnalysisStatus, InputKind

# Attaches an account to a job, with one analysis per job; charges add up.
INSERT_ANALYSIS = """
INSERT INTO analyses (id, account_id, job_id, submitted_url, created_at, key_id, charged)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (account_id, job_id) DO UPDATE SET charged = analyses.charged + excluded.charged
RETURNING id
"""

# One analysis of one account, or of any, with its job's result.
SELECT_ANALYSIS = """
SELECT a.id, a.job_id, a.submitted_url, a.created_at, j.kind, j.status, j.tries, j.story_id, j.verdict_id,
       j.draft_result, j.reproduction, j.error, j.started_at, j.finished_at,
       ARRAY(SELECT c.endpoint_id FROM analysis_callbacks c WHERE c.analysis_id = a.id ORDER BY 1) AS callbacks
FROM analyses a JOIN analysis_jobs j ON j.id = a.job_id
WHERE a.id = $1 AND ($2::text IS NULL OR a.account_id = $2)
"""

# An account's unfinished analyses, counted up to a limit.
COUNT_OPEN_ANALYSES = """
SELECT count(*) FROM (
    SELECT FROM analyses a JOIN analysis_jobs j ON j.id = a.job_id
    WHERE a.account_id = $1 AND j.status IN ('queued', 'running') LIMIT $2
) AS open
"""

# An account's URLs of one host since a time, counted up to a limit; a URL key starts with its host.
COUNT_RECENT_OF_HOST = """
SELECT count(*) FROM (
    SELECT FROM analyses a JOIN analysis_jobs j ON j.id = a.job_id
    WHERE a.account_id = $1 AND a.created_at > $2 AND starts_with(j.url_key, $3) LIMIT $4
) AS recent
"""

# A key's charges for analyses since a time, over a limited number.
SUM_RECENT_CHARGES = """
SELECT COALESCE(sum(charged), 0) FROM (
    SELECT charged FROM analyses WHERE account_id = $1 AND key_id = $2 AND created_at > $3 LIMIT $4
) AS recent
"""

# Clears the charges of a job's analyses and returns them by key.
UPDATE_GIVEN_BACK = """
WITH paid AS (SELECT id, key_id, charged FROM analyses WHERE job_id = $1 AND charged > 0 FOR UPDATE),
     cleared AS (UPDATE analyses SET charged = 0 FROM paid WHERE analyses.id = paid.id)
SELECT key_id, charged FROM paid
"""

# Moves an analysis to another job.
UPDATE_JOB = """
UPDATE analyses SET job_id = $2 WHERE id = $1
"""

# The analyses of a job.
SELECT_ANALYSES_OF_JOB = """
SELECT id, account_id, submitted_url FROM analyses WHERE job_id = $1 ORDER BY id
"""


class AnalysisRecord(Struct, kw_only=True, frozen=True):
    """An analysis with its job's state; `draft_result`, `reproduction` and `error` are JSON."""

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
    reproduction: str | None
    error: str | None
    started_at: datetime | None
    finished_at: datetime | None
    callbacks: list[str]


class AnalysisOwner(Struct, kw_only=True, frozen=True):
    id: str
    account_id: str
    submitted_url: str | None


class Payment(Struct, kw_only=True, frozen=True):
    """What a key paid for an analysis, in quota units."""

    key_id: str
    charged: int


async def attach(
    connection: Connection,
    *,
    analysis_id: str,
    account_id: str,
    job_id: str,
    submitted_url: str | None,
    payment: Payment | None,
    at: datetime,
) -> str:
    """The id of the account's analysis of the job, new or existing."""
    stored_id: str = await connection.fetchval(
        INSERT_ANALYSIS,
        analysis_id,
        account_id,
        job_id,
        submitted_url,
        at,
        payment.key_id if payment else None,
        payment.charged if payment else 0,
    )
    return stored_id


async def get_analysis(
    connection: Connection, analysis_id: str, account_id: str | None
) -> AnalysisRecord | None:
    """The account's analysis, or any account's if `account_id` is None."""
    row = await connection.fetchrow(SELECT_ANALYSIS, analysis_id, account_id)
    if row is None:
        return None
    return AnalysisRecord(
        **dict(row) | {"kind": InputKind(row["kind"]), "status": AnalysisStatus(row["status"])}
    )


async def count_open_analyses(connection: Connection, account_id: str, limit: int) -> int:
    """At most `limit`, to bound the cost."""
    count: int = await connection.fetchval(COUNT_OPEN_ANALYSES, account_id, limit)
    return count


async def count_recent_of_host(
    connection: Connection, account_id: str, host: str, *, since: datetime, limit: int
) -> int:
    """At most `limit`. `host` includes a non-default port."""
    count: int = await connection.fetchval(COUNT_RECENT_OF_HOST, account_id, since, f"{host}/", limit)
    return count


async def sum_recent_charges(
    connection: Connection, account_id: str, key_id: str, *, since: datetime, limit: int
) -> int:
    """Over at most `limit` analyses."""
    charged: int = await connection.fetchval(SUM_RECENT_CHARGES, account_id, key_id, since, limit)
    return charged


async def give_back(connection: Connection, job_id: str) -> list[Payment]:
    """Refund the job's submitters; returns their payments. The caller holds the job's lock."""
    return [Payment(**dict(row)) for row in await connection.fetch(UPDATE_GIVEN_BACK, job_id)]


async def move_to_job(connection: Connection, analysis_id: str, job_id: str) -> None:
    await connection.execute(UPDATE_JOB, analysis_id, job_id)


async def list_owners(connection: Connection, job_id: str) -> list[AnalysisOwner]:
    return [AnalysisOwner(**dict(row)) for row in await connection.fetch(SELECT_ANALYSES_OF_JOB, job_id)]
