"""Stories whose pages are fetched again some time after the first fetch."""

from datetime import datetime

from msgspec import Struct

from api.storage.database.pool import Connection

# Schedules the first revisit.
INSERT_REVISIT = """
INSERT INTO revisits (story_id, step, due_at) VALUES ($1, 0, $2) ON CONFLICT (story_id) DO NOTHING
"""

# Claims due stories; the caller reschedules or ends them.
CLAIM_REVISITS = """
SELECT r.story_id, r.step, s.url, s.canonical_key AS key, s.created_at, s.status = 'retracted' AS retracted
FROM revisits r JOIN stories s ON s.id = r.story_id
WHERE r.due_at <= $1 ORDER BY r.due_at LIMIT $2 FOR UPDATE OF r SKIP LOCKED
"""

# Schedules the next revisit.
UPDATE_REVISIT = """
UPDATE revisits SET step = $2, due_at = $3 WHERE story_id = $1
"""

# Ends a story's revisits.
DELETE_REVISIT = """
DELETE FROM revisits WHERE story_id = $1
"""


class Revisit(Struct, kw_only=True, frozen=True):
    """A due story. `step`: the number of revisits so far; `key`: the URL key of `url`."""

    story_id: str
    step: int
    url: str
    key: str
    created_at: datetime
    retracted: bool


async def insert_revisit(connection: Connection, story_id: str, due_at: datetime) -> None:
    await connection.execute(INSERT_REVISIT, story_id, due_at)


async def claim_revisits(connection: Connection, now: datetime, limit: int) -> list[Revisit]:
    """Locked until the transaction ends."""
    return [Revisit(**dict(row)) for row in await connection.fetch(CLAIM_REVISITS, now, limit)]


async def set_revisit(connection: Connection, story_id: str, step: int, due_at: datetime) -> None:
    await connection.execute(UPDATE_REVISIT, story_id, step, due_at)


async def end_revisits(connection: Connection, story_id: str) -> None:
    await connection.execute(DELETE_REVISIT, story_id)
