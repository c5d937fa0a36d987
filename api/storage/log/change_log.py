"""Changes: which stories and sources are not what they were, in the order in which that could be seen."""

from datetime import datetime, timedelta

from msgspec import Struct

from api.storage.database.pool import Connection

# What was noted after a number, or lately where none is given, and the number of the last change of all.
SELECT_CHANGES = """
SELECT n.n AS last, c.object_id, c.row_version, r.story_id IS NOT NULL AS retracted
FROM change_counter n
     LEFT JOIN changes c ON c.number > coalesce($1::bigint, 0)
          AND ($1::bigint IS NOT NULL OR c.noted_at > clock_timestamp() - $2::interval)
     LEFT JOIN retractions r ON r.story_id = c.object_id
ORDER BY c.number
"""

# Forgets changes that every process knows by now; so many at a time.
DELETE_OLD_CHANGES = """
DELETE FROM changes WHERE number IN (SELECT number FROM changes WHERE noted_at < $1 ORDER BY noted_at LIMIT $2)
"""


class Change(Struct, kw_only=True, frozen=True):
    """The version that a story or source has now, and whether it is a story that was retracted."""

    object_id: str
    row_version: int
    retracted: bool


async def list_changes(
    connection: Connection, after: int | None, window: timedelta
) -> tuple[int, list[Change]]:
    """The number of the last change, and what changed since `after`; without it, within `window`."""
    rows = await connection.fetch(SELECT_CHANGES, after, window)
    found = [
        Change(object_id=row["object_id"], row_version=row["row_version"], retracted=row["retracted"])
        for row in rows
        if row["object_id"] is not None
    ]
    return rows[0]["last"], found


async def delete_old_changes(connection: Connection, before: datetime, limit: int) -> None:
    await connection.execute(DELETE_OLD_CHANGES, before, limit)
