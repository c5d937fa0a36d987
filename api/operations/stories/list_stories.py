"""A page of stories in any order, or of what a search finds."""

from typing import Any

import msgspec

from api.storage.database.list_item import Listed
from api.storage.database.pool import Connection
from api.storage.stories.sources import find_source_id
from api.storage.stories.story_lists import StoryFilter, list_stories
from api.storage.stories.story_search import search_stories, spell
from schemas.enums import StorySort


async def list_or_search(
    connection: Connection, where: StoryFilter, sort: StorySort, *, after: tuple[Any, str] | None, limit: int
) -> list[Listed]:
    """At most `limit` stories after a (value of the order, id) position.

    A search by relevance whose words nobody uses looks for the nearest names instead; each match says so.
    """
    if sort is not StorySort.RELEVANCE:
        return await list_stories(connection, where, sort, after=after, limit=limit)
    assert where.q is not None, "only a search is ordered by relevance"
    where = msgspec.structs.replace(where, q=await spell(connection, where.q))
    return await search_stories(connection, where, after=after, limit=limit)


async def known_source(connection: Connection, id_or_slug: str | None) -> str | None:
    """The id behind a filter for a source; a source that nobody knows stays what it is, and has no story."""
    if id_or_slug is None:
        return None
    return await find_source_id(connection, id_or_slug) or id_or_slug
