"""Sitemaps: scored stories by their first publication here."""

from datetime import datetime

from msgspec import Struct

from api.storage.database.pool import Connection

# The number of stories in each window, and their last change, sources included.
SELECT_WINDOWS = """
SELECT date_trunc($1, s.created_at, 'UTC') AS began, count(*) AS stories,
       max(greatest(s.updated_at, o.updated_at)) AS changed_at
FROM stories s JOIN sources o ON o.id = s.source_id
WHERE s.status = 'scored' AND s.created_at >= $2 AND s.created_at < $3
GROUP BY began ORDER BY began
"""

# The stories of one window.
SELECT_WINDOW = """
SELECT s.id, greatest(s.updated_at, o.updated_at) AS changed_at
FROM stories s JOIN sources o ON o.id = s.source_id
WHERE s.status = 'scored' AND s.created_at >= $1 AND s.created_at < $2
ORDER BY s.created_at, s.id LIMIT $3
"""

# The newest stories since a time.
SELECT_NEWS = """
SELECT id, title, created_at, updated_at FROM stories
WHERE status = 'scored' AND created_at > $1 ORDER BY created_at DESC, id DESC LIMIT $2
"""

# The sources that have a scored story.
SELECT_SOURCES_WITH_STORIES = """
SELECT o.id FROM sources o
WHERE EXISTS (SELECT FROM stories s WHERE s.source_id = o.id AND s.status = 'scored') ORDER BY o.id LIMIT $1
"""


class WindowCount(Struct, kw_only=True, frozen=True):
    """A window with at least one story."""

    began: datetime
    stories: int
    changed_at: datetime


class MappedStory(Struct, kw_only=True, frozen=True):
    """`changed_at`: the last change of anything shown on its pages."""

    id: str
    changed_at: datetime


class NewStory(Struct, kw_only=True, frozen=True):
    id: str
    title: str
    created_at: datetime
    updated_at: datetime


async def count_windows(
    connection: Connection, length: str, since: datetime, until: datetime
) -> list[WindowCount]:
    """`length` is a unit of date_trunc, such as `month`."""
    rows = await connection.fetch(SELECT_WINDOWS, length, since, until)
    return [WindowCount(**dict(row)) for row in rows]


async def list_window(
    connection: Connection, since: datetime, until: datetime, limit: int
) -> list[MappedStory]:
    """In order of publication."""
    return [MappedStory(**dict(row)) for row in await connection.fetch(SELECT_WINDOW, since, until, limit)]


async def list_news(connection: Connection, since: datetime, limit: int) -> list[NewStory]:
    """Newest first."""
    return [NewStory(**dict(row)) for row in await connection.fetch(SELECT_NEWS, since, limit)]


async def list_sources_with_stories(connection: Connection, limit: int) -> list[str]:
    return [row["id"] for row in await connection.fetch(SELECT_SOURCES_WITH_STORIES, limit)]
