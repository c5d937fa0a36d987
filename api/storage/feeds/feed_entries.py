"""URLs announced by feeds, each new only once across all feeds."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from api.storage.database.pool import Connection

# The known digests.
SELECT_KNOWN = """
SELECT digest FROM feed_entries WHERE digest = ANY ($1::bytea[])
"""

# Updates when known URLs were last in a feed; rarely, as they stay for weeks.
UPDATE_SEEN = """
UPDATE feed_entries SET seen_at = $2 WHERE digest = ANY ($1::bytea[]) AND seen_at < $3
"""

# Adds URLs, unless another feed has just added them.
INSERT_ENTRIES = """
INSERT INTO feed_entries (digest, feed_id, seen_at)
SELECT e.digest, $2, $3 FROM unnest($1::bytea[]) AS e (digest) ORDER BY e.digest ON CONFLICT (digest) DO NOTHING
RETURNING digest
"""

# Sets the job of a URL and when to check its result.
UPDATE_JOB_OF_ENTRY = """
UPDATE feed_entries SET job_id = $2, look_at = $3 WHERE digest = $1
"""

# Claims URLs whose jobs must be checked, with their state. Open jobs are checked again later.
CLAIM_LOOKS = """
WITH due AS (
    SELECT e.digest FROM feed_entries e WHERE e.look_at <= $1
    ORDER BY e.look_at LIMIT $2 FOR UPDATE SKIP LOCKED
)
UPDATE feed_entries e
SET look_at = CASE WHEN j.status IN ('queued', 'running') THEN $1 + $3::interval END
FROM due, analysis_jobs j WHERE e.digest = due.digest AND j.id = e.job_id
RETURNING e.digest, e.retries, j.url, j.status, j.error
"""

# Counts a retry with another job.
UPDATE_RETRIED = """
UPDATE feed_entries SET job_id = $2, look_at = $3, retries = retries + 1 WHERE digest = $1
"""

# Deletes URLs that no feed has contained for long, up to a limit.
DELETE_UNSEEN = """
DELETE FROM feed_entries WHERE digest IN (
    SELECT e.digest FROM feed_entries e WHERE e.seen_at < $1 AND e.look_at IS NULL
    ORDER BY e.seen_at LIMIT $2 FOR UPDATE SKIP LOCKED)
RETURNING digest
"""


class LookedAt(Struct, kw_only=True, frozen=True):
    """An announced URL and its job's state; `error` is the problem as JSON."""

    digest: bytes
    retries: int
    url: str
    status: str
    error: str | None


async def known_entries(connection: Connection, digests: Sequence[bytes]) -> set[bytes]:
    return {row["digest"] for row in await connection.fetch(SELECT_KNOWN, list(digests))}


async def note_seen(
    connection: Connection, digests: Sequence[bytes], at: datetime, unless_since: datetime
) -> None:
    await connection.execute(UPDATE_SEEN, list(digests), at, unless_since)


async def insert_entries(
    connection: Connection, digests: Sequence[bytes], feed_id: str, at: datetime
) -> set[bytes]:
    """The digests that were new."""
    rows = await connection.fetch(INSERT_ENTRIES, list(digests), feed_id, at)
    return {row["digest"] for row in rows}


async def set_job(connection: Connection, digest: bytes, job_id: str, look_at: datetime) -> None:
    await connection.execute(UPDATE_JOB_OF_ENTRY, digest, job_id, look_at)


async def claim_looks(
    connection: Connection, now: datetime, *, limit: int, open_for: timedelta
) -> list[LookedAt]:
    rows = await connection.fetch(CLAIM_LOOKS, now, limit, open_for)
    return [LookedAt(**dict(row)) for row in rows]


async def set_retried(connection: Connection, digest: bytes, job_id: str, look_at: datetime) -> None:
    await connection.execute(UPDATE_RETRIED, digest, job_id, look_at)


async def delete_unseen(connection: Connection, before: datetime, limit: int) -> int:
    """The number deleted."""
    return len(await connection.fetch(DELETE_UNSEEN, before, limit))
