"""Changed stories and sources, in the order in which changes became visible."""

from datetime import datetime, timedelta

from msgspec import Struct

from api.storage.database.pool import Connection

# Changes after a number, or recent ones without a number, and the number of the last change.
SELECT_CHANGES = """
SELECT n.n AS last, c.object_id, c.row_version, r.story_id IS NOT NULL AS retracted
FROM change_counter n
     LEFT JOIN changes c ON c.number > coalesce($1::bigint, 0)
          AND ($1::bigint IS NOT NULL OR c.noted_at > clock_timestamp() - $2::interval)
     LEFT JOIN retractions r ON r.story_id = c.object_id
ORDER BY c.number
"""

# Deletes changes that every process has read, up to a limit.
DELETE_OLD_CHANGES = """
DELETE FROM changes WHERE number IN (SELECT number FROM changes WHERE noted_at < $1 ORDER BY noted_at LIMIT $2)
"""


class Change(Struct, kw_only=True, frozen=True):
    """The current version of a story or source; `retracted`: a retracted story."""

    object_id: str
    row_version: int
    retracted: bool


async def list_changes(
    connection: Connection, after: int | None, window: timedelta
) -> tuple[int, list[Change]]:
    """The number of the last change, and the changes since `after`; without it, within `window`."""
    rows = await connection.fetch(SELECT_CHANGES, after, window)
    changes = [
        Change(object_id=row["object_id"], row_version=row["row_version"], retracted=row["retracted"])
        for row in rows
        if row["object_id"] is not None
    ]
    return rows[0]["last"], changes


async def delete_old_changes(connection: Connection, before: datetime, limit: int) -> None:
    await connection.execute(DELETE_OLD_CHANGES, before, limit)
