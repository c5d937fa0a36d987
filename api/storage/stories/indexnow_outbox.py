"""Stories that search engines are still to be told of: written with the change, taken away once told."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from api.storage.database.pool import Connection

# Notes that a story changed; one that waits already is told of once.
UPSERT_NOTICE = """
INSERT INTO search_notices AS n (story_id, noted_at) VALUES ($1, $2)
ON CONFLICT (story_id) DO UPDATE SET noted_at = greatest(n.noted_at, excluded.noted_at)
"""

# What waits, the oldest first.
SELECT_NOTICES = """
SELECT story_id, noted_at FROM search_notices ORDER BY noted_at LIMIT $1
"""

# Whether anything waits.
SELECT_ANY_NOTICE = """
SELECT EXISTS (SELECT FROM search_notices)
"""

# Takes away what was told; a story that changed again meanwhile stays.
DELETE_TOLD = """
DELETE FROM search_notices n USING unnest($1::text[], $2::timestamptz[]) AS t (story_id, noted_at)
WHERE n.story_id = t.story_id AND n.noted_at = t.noted_at
"""

# Gives up what has waited too long.
DELETE_OLD_NOTICES = """
DELETE FROM search_notices WHERE noted_at < $1 RETURNING story_id
"""


class Notice(Struct, kw_only=True, frozen=True):
    story_id: str
    noted_at: datetime


async def put_notice(connection: Connection, story_id: str, at: datetime) -> None:
    await connection.execute(UPSERT_NOTICE, story_id, at)


async def list_notices(connection: Connection, limit: int) -> list[Notice]:
    return [Notice(**dict(row)) for row in await connection.fetch(SELECT_NOTICES, limit)]


async def has_notices(connection: Connection) -> bool:
    waits: bool = await connection.fetchval(SELECT_ANY_NOTICE)
    return waits


async def delete_told(connection: Connection, told: Sequence[Notice]) -> None:
    await connection.execute(
        DELETE_TOLD, [notice.story_id for notice in told], [notice.noted_at for notice in told]
    )


async def delete_old_notices(connection: Connection, before: datetime) -> int:
    """How many were given up."""
    return len(await connection.fetch(DELETE_OLD_NOTICES, before))
