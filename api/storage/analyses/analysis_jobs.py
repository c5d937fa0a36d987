"""Analysis jobs: at most one open job per URL key, with its tries."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg
from msgspec import Struct

from api.storage.database.pool import Connection
from schemas.enums import AnalysisStatus, InputKind

# Creates a job unless one is open for the URL key.
INSERT_JOB = """
INSERT INTO analysis_jobs (id, kind, account_id, url, url_key, draft, status, created_at)
VALUES ($1, $2, $3, $4, $5, $6, 'queued', $7)
ON CONFLICT (url_key) WHERE kind = 'url' AND status IN ('queued', 'running') DO NOTHING
RETURNING id
"""

# The open job of a URL key; FOR SHARE, so that it does not end before the analysis is attached.
SELECT_OPEN_JOB = """
SELECT id FROM analysis_jobs
WHERE url_key = $1 AND kind = 'url' AND status IN ('queued', 'running') FOR SHARE
"""

# Creates a finished job from a recent verdict.
INSERT_ANSWERED_JOB = """
INSERT INTO analysis_jobs (id, kind, url, url_key, status, story_id, verdict_id, created_at, finished_at)
VALUES ($1, 'url', $2, $3, 'succeeded', $4, $5, $6, $6)
"""

# Creates a job that analyses a story's stored text.
INSERT_STORED_JOB = """
INSERT INTO analysis_jobs (id, kind, story_id, status, created_at) VALUES ($1, 'stored', $2, 'queued', $3)
"""

# Creates a job that judges a verdict's text again, unless one of the kind is open.
INSERT_VERDICT_JOB = """
INSERT INTO analysis_jobs (id, kind, story_id, verdict_id, status, created_at)
VALUES ($1, $2, $3, $4, 'queued', $5)
ON CONFLICT DO NOTHING
RETURNING id
"""

# The open job of this kind of a verdict; FOR SHARE as above.
SELECT_OPEN_VERDICT_JOB = """
SELECT id FROM analysis_jobs
WHERE verdict_id = $1 AND kind = $2 AND status IN ('queued', 'running') FOR SHARE
"""

# Locks a job for a claim.
SELECT_JOB_FOR_CLAIM = """
SELECT id, kind, account_id, url, url_key, draft, story_id, verdict_id, status, tries, crashes, alone, created_at,
       ARRAY(SELECT DISTINCT a.account_id FROM analyses a WHERE a.job_id = $1) AS submitters
FROM analysis_jobs WHERE id = $1 FOR UPDATE
"""

# An extra crash for jobs that ran alone when their worker hung.
UPDATE_HUNG = """
UPDATE analysis_jobs SET crashes = crashes + 1 WHERE id = ANY($1::text[]) AND status IN ('queued', 'running')
"""

# Tries of a stopping worker: if they are lost, it does not count as a crash.
UPDATE_EXCUSED = """
UPDATE analysis_jobs j SET alone = false FROM unnest($1::text[], $2::int[]) AS held (id, tries)
WHERE j.id = held.id AND j.tries = held.tries AND j.status = 'running' AND j.alone
"""

# Open jobs created before a time, oldest first.
SELECT_OPEN_JOBS = """
SELECT id FROM analysis_jobs WHERE status IN ('queued', 'running') AND created_at < $1
ORDER BY created_at LIMIT $2
"""

# Open jobs, counted up to a limit, and the creation time of the oldest queued one. Second opinions wait for the
# model.
SELECT_BACKLOG = """
SELECT (SELECT count(*) FROM (
           SELECT FROM analysis_jobs WHERE status IN ('queued', 'running') AND kind <> 'second_opinion' LIMIT $1
       ) AS open) AS jobs,
       (SELECT min(created_at) FROM analysis_jobs WHERE status = 'queued' AND kind <> 'second_opinion') AS oldest
"""

# Starts a try; `alone`: no other job runs at the same time.
UPDATE_CLAIMED = """
UPDATE analysis_jobs
SET status = 'running', tries = tries + 1, crashes = $2, alone = $3, started_at = COALESCE(started_at, $4)
WHERE id = $1 RETURNING tries
"""

# Returns a job to the queue, if the try still owns it.
UPDATE_RELEASED = """
UPDATE analysis_jobs SET status = 'queued', crashes = crashes + $3, alone = false
WHERE id = $1 AND tries = $2 AND status = 'running' RETURNING id
"""

# Locks a running job for the try that publishes it; no row if the try no longer owns it.
SELECT_FENCED = """
SELECT id FROM analysis_jobs WHERE id = $1 AND tries = $2 AND status = 'running' FOR UPDATE
"""

# Ends a job.
UPDATE_FINISHED = """
UPDATE analysis_jobs
SET status = $2, story_id = COALESCE($3, story_id), verdict_id = COALESCE($4, verdict_id), draft_result = $5,
    reproduction = $6, error = $7, finished_at = $8
WHERE id = $1
"""

# Erases a draft's content. A running try loses its fence.
UPDATE_ERASED = """
UPDATE analysis_jobs
SET status = 'erased', draft = NULL, draft_result = NULL, error = NULL, finished_at = $2
WHERE id = $1
"""

# A cancelled copy of a shared job, for one analysis.
INSERT_CANCELLED_JOB = """
INSERT INTO analysis_jobs (id, kind, account_id, url, url_key, story_id, verdict_id, status, created_at,
                           finished_at)
SELECT $2, kind, account_id, url, url_key, story_id, verdict_id, 'cancelled', created_at, $3
FROM analysis_jobs WHERE id = $1
"""

# Deletes jobs that ended before a time, with their analyses, up to a limit. Feed entries that still wait for
# their job's result retain it.
DELETE_ENDED = """
WITH old AS (
    SELECT j.id FROM analysis_jobs j
    WHERE j.finished_at < $1
      AND NOT EXISTS (SELECT FROM feed_entries e WHERE e.job_id = j.id AND e.look_at IS NOT NULL)
    ORDER BY j.finished_at LIMIT $2 FOR UPDATE SKIP LOCKED
),
parted AS (UPDATE feed_entries e SET job_id = NULL FROM old WHERE e.job_id = old.id),
unseen AS (DELETE FROM analyses a USING old WHERE a.job_id = old.id)
DELETE FROM analysis_jobs j USING old WHERE j.id = old.id
RETURNING j.id
"""


class JobState(Struct, kw_only=True, frozen=True):
    """`draft`: the submission as JSON; `story_id`: the story whose stored text is analysed; `verdict_id`: the
    verdict whose text is judged again; `submitters`: accounts.

    `crashes` counts process crashes while the job ran alone.
    """

    id: str
    kind: InputKind
    account_id: str | None
    url: str | None
    url_key: str | None
    draft: str | None
    story_id: str | None
    verdict_id: str | None
    status: AnalysisStatus
    tries: int
    crashes: int
    alone: bool
    created_at: datetime
    submitters: list[str]


async def insert_job(
    connection: Connection,
    *,
    job_id: str,
    kind: InputKind,
    account_id: str | None,
    url: str | None,
    url_key: str | None,
    draft: str | None,
    at: datetime,
) -> bool:
    """False if another job is open for the URL key."""
    created = await connection.fetchval(INSERT_JOB, job_id, kind.value, account_id, url, url_key, draft, at)
    return created is not None


async def find_open_job(connection: Connection, url_key: str) -> str | None:
    job_id: str | None = await connection.fetchval(SELECT_OPEN_JOB, url_key)
    return job_id


async def insert_answered_job(
    connection: Connection,
    *,
    job_id: str,
    url: str,
    url_key: str,
    story_id: str,
    verdict_id: str,
    at: datetime,
) -> None:
    await connection.execute(INSERT_ANSWERED_JOB, job_id, url, url_key, story_id, verdict_id, at)


async def insert_stored_job(connection: Connection, *, job_id: str, story_id: str, at: datetime) -> None:
    await connection.execute(INSERT_STORED_JOB, job_id, story_id, at)


async def insert_verdict_job(
    connection: Connection, *, job_id: str, kind: InputKind, story_id: str, verdict_id: str, at: datetime
) -> bool:
    """False if another of the kind is open for the verdict."""
    created = await connection.fetchval(INSERT_VERDICT_JOB, job_id, kind.value, story_id, verdict_id, at)
    return created is not None


async def find_open_verdict_job(connection: Connection, kind: InputKind, verdict_id: str) -> str | None:
    job_id: str | None = await connection.fetchval(SELECT_OPEN_VERDICT_JOB, verdict_id, kind.value)
    return job_id


async def insert_cancelled_job(connection: Connection, shared_id: str, job_id: str, at: datetime) -> None:
    """A cancelled copy of the shared job."""
    await connection.execute(INSERT_CANCELLED_JOB, shared_id, job_id, at)


async def delete_ended(connection: Connection, before: datetime, limit: int) -> int:
    """The number deleted, at most `limit`, oldest first."""
    return len(await connection.fetch(DELETE_ENDED, before, limit))


async def lock_job(connection: Connection, job_id: str) -> JobState | None:
    row = await connection.fetchrow(SELECT_JOB_FOR_CLAIM, job_id)
    return None if row is None else _state(row)


async def list_open_jobs(connection: Connection, *, before: datetime, limit: int) -> list[str]:
    return [row["id"] for row in await connection.fetch(SELECT_OPEN_JOBS, before, limit)]


async def get_backlog(connection: Connection, limit: int) -> tuple[int, datetime | None]:
    """The number of open jobs, at most `limit`, and the creation time of the oldest queued one."""
    row = await connection.fetchrow(SELECT_BACKLOG, limit)
    return row["jobs"], row["oldest"]


async def begin_try(connection: Connection, job_id: str, *, crashes: int, alone: bool, at: datetime) -> int:
    """The number of the new try, which fences its publication."""
    number: int = await connection.fetchval(UPDATE_CLAIMED, job_id, crashes, alone, at)
    return number


async def count_hung(connection: Connection, job_ids: Sequence[str]) -> None:
    """The worker of these jobs hung while they ran alone."""
    await connection.execute(UPDATE_HUNG, list(job_ids))


async def excuse_tries(connection: Connection, tries: Sequence[tuple[str, int]]) -> None:
    """(job, try number) for tries whose worker may be killed."""
    await connection.execute(UPDATE_EXCUSED, [job for job, _ in tries], [number for _, number in tries])


async def release_try(connection: Connection, job_id: str, number: int, *, crashed: bool) -> bool:
    """False if the try no longer owns the job. `crashed` counts a crash."""
    return await connection.fetchval(UPDATE_RELEASED, job_id, number, int(crashed)) is not None


async def hold_fence(connection: Connection, job_id: str, number: int) -> bool:
    """Whether try `number` may still publish; if so, the job is locked until commit."""
    return await connection.fetchval(SELECT_FENCED, job_id, number) is not None


async def finish_job(
    connection: Connection,
    job_id: str,
    status: AnalysisStatus,
    *,
    story_id: str | None = None,
    verdict_id: str | None = None,
    draft_result: str | None = None,
    reproduction: str | None = None,
    error: str | None = None,
    at: datetime,
) -> None:
    """`story_id` and `verdict_id` are unchanged if None; the others become null."""
    await connection.execute(
        UPDATE_FINISHED, job_id, status.value, story_id, verdict_id, draft_result, reproduction, error, at
    )


async def erase_job(connection: Connection, job_id: str, at: datetime) -> None:
    await connection.execute(UPDATE_ERASED, job_id, at)


def _state(row: asyncpg.Record) -> JobState:
    return JobState(**dict(row) | {"kind": InputKind(row["kind"]), "status": AnalysisStatus(row["status"])})
