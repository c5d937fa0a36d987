"""Lists of stories: the latest, a page in any order, a search, a page of a feed."""

from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from api.errors import NotFound
from api.operations.stories.correct_source import NO_SOURCE
from api.runtime.runtime import Runtime
from api.storage.database.list_item import Listed
from api.storage.database.pool import Connection
from api.storage.stories.sources import find_source_id, get_source
from api.storage.stories.story_lists import StoryFilter, list_stories, row_of
from api.storage.stories.story_search import search_stories, spell
from schemas.enums import StorySort
from schemas.sources import Source
from schemas.stories import StoryRow

MOST = 30  # on an HTML page


async def list_latest(runtime: Runtime, source_id: str | None = None, *, most: int = MOST) -> list[StoryRow]:
    """The stories added last. Raises Unavailable."""
    where = StoryFilter(source=source_id)
    async with runtime.pool.connection() as connection:
        found = await list_stories(connection, where, StorySort.CREATED_AT, after=None, limit=most)
    return [row_of(item) for item in found]


async def list_or_search(
    connection: Connection, where: StoryFilter, sort: StorySort, *, after: tuple[Any, str] | None, limit: int
) -> list[Listed]:
    """At most `limit` stories after a (sort value, id) position.

    If a search by relevance has no match for its words, it uses the nearest names; each match says so.
    """
    if sort is not StorySort.RELEVANCE:
        return await list_stories(connection, where, sort, after=after, limit=limit)
    assert where.q is not None, "only a search is ordered by relevance"
    where = msgspec.structs.replace(where, q=await spell(connection, where.q))
    return await search_stories(connection, where, after=after, limit=limit)


async def known_source(connection: Connection, id_or_slug: str | None) -> str | None:
    """The id of a source given by id or slug; an unknown one is returned as it is and matches nothing."""
    if id_or_slug is None:
        return None
    return await find_source_id(connection, id_or_slug) or id_or_slug


class FeedPage(Struct, kw_only=True, frozen=True):
    """`keys` are the stories' list positions; `source` is the source of the feed, if any."""

    stories: list[StoryRow]
    keys: list[tuple[datetime, str]]
    source: Source | None


async def read_feed(
    runtime: Runtime, where: StoryFilter, *, after: tuple[datetime, str] | None, limit: int
) -> FeedPage:
    """A page of scored stories, last added first. `where.source` is an id or slug.

    Raises NotFound for an unknown source, Unavailable.
    """
    async with runtime.pool.connection() as connection:
        source = None
        if where.source is not None:
            source = await get_source(connection, where.source)
            if source is None:
                raise NotFound(NO_SOURCE)
            where = replace(where, source=source.id)
        found = await list_stories(connection, where, StorySort.CREATED_AT, after=after, limit=limit)
    return FeedPage(
        stories=[row_of(item) for item in found],
        keys=[item.key for item in found],
        source=source,
    )
