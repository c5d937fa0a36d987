"""Addresses that feeds have announced: each is new once, whichever feed was first."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from api.storage.database.pool import Connection

# Which of the digests are known, from feeds.
SELECT_KNOWN = """
SELECT digest FROM feed_entries WHERE digest = ANY ($1::bytea[])
"""

# Notes that known addresses stand in a feed still; at most once a while each, since they stand there for weeks.
UPDATE_SEEN = """
UPDATE feed_entries SET seen_at = $2 WHERE digest = ANY ($1::bytea[]) AND seen_at < $3
"""

# Knows an address from now on, unless another feed was quicker a moment ago.
INSERT_ENTRIES = """
INSERT INTO feed_entries (digest, feed_id, seen_at)
SELECT e.digest, $2, $3 FROM unnest($1::bytea[]) AS e (digest) ORDER BY e.digest ON CONFLICT (digest) DO NOTHING
RETURNING digest
"""

# Says by which job an address is read, and when to look what came of it.
UPDATE_JOB_OF_ENTRY = """
UPDATE feed_entries SET job_id = $2, look_at = $3 WHERE digest = $1
"""

# Takes addresses whose jobs are to be looked at, with what became of them. A job that is open is looked at later.
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

# Counts a further try, by another job.
UPDATE_RETRIED = """
UPDATE feed_entries SET job_id = $2, look_at = $3, retries = retries + 1 WHERE digest = $1
"""

# Forgets addresses that no feed has shown for long, at most so many.
DELETE_UNSEEN = """
DELETE FROM feed_entries WHERE digest IN (
    SELECT e.digest FROM feed_entries e WHERE e.seen_at < $1 AND e.look_at IS NULL
    ORDER BY e.seen_at LIMIT $2 FOR UPDATE SKIP LOCKED)
RETURNING digest
"""


class LookedAt(Struct, kw_only=True, frozen=True):
    """An announced address and the state of its job; `error` is the problem that ended it, as JSON."""

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
    """Those that were not known."""
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
    """How many were forgotten."""
    return len(await connection.fetch(DELETE_UNSEEN, before, limit))
