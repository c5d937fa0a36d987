"""The IndexNow outbox: changed stories, written in the transaction of the change, deleted after notification."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from api.storage.database.pool import Connection

# Adds a changed story; further changes are merged.
UPSERT_NOTICE = """
INSERT INTO search_notices AS n (story_id, noted_at) VALUES ($1, $2)
ON CONFLICT (story_id) DO UPDATE SET noted_at = greatest(n.noted_at, excluded.noted_at)
"""

# Pending notices, oldest first.
SELECT_NOTICES = """
SELECT story_id, noted_at FROM search_notices ORDER BY noted_at LIMIT $1
"""

# Whether any notice is pending.
SELECT_ANY_NOTICE = """
SELECT EXISTS (SELECT FROM search_notices)
"""

# Deletes sent notices, except for stories that have changed again.
DELETE_SENT = """
DELETE FROM search_notices n USING unnest($1::text[], $2::timestamptz[]) AS t (story_id, noted_at)
WHERE n.story_id = t.story_id AND n.noted_at = t.noted_at
"""

# Deletes expired notices.
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
    pending: bool = await connection.fetchval(SELECT_ANY_NOTICE)
    return pending


async def delete_sent(connection: Connection, sent: Sequence[Notice]) -> None:
    await connection.execute(
        DELETE_SENT, [notice.story_id for notice in sent], [notice.noted_at for notice in sent]
    )


async def delete_old_notices(connection: Connection, before: datetime) -> int:
    """The number deleted."""
    return len(await connection.fetch(DELETE_OLD_NOTICES, before))
