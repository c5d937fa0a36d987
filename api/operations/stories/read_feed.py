"""A page of a feed: the scored stories that pass its filters, last added first, however old their texts are."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from api.errors import NotFound
from api.operations.stories.correct_source import NO_SOURCE
from api.runtime.runtime import Runtime
from api.storage.stories.sources import get_source
from api.storage.stories.story_lists import StoryFilter, list_stories, row_of
from schemas.enums import StorySort
from schemas.sources import Source
from schemas.stories import StoryRow


class FeedPage(Struct, kw_only=True, frozen=True):
    """`stories` are at most so many as were asked for, `keys` their places in the order of the list; `source` is
    the one that the feed is of, if any.
    """

    stories: list[StoryRow]
    keys: list[tuple[datetime, str]]
    source: Source | None


async def read_feed(
    runtime: Runtime, where: StoryFilter, *, after: tuple[datetime, str] | None, limit: int
) -> FeedPage:
    """`where.source` is an id or slug. Raises NotFound for a source that is not known, Unavailable."""
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
