"""Lists of stories: the latest, a page in any order, a search, a page of a feed."""

from datetime import datetime
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from api.errors import InvalidRequest, NotFound
from api.operations.stories.correct_source import NO_SOURCE
from api.runtime.runtime import Runtime
from api.storage.database.list_item import Listed
from api.storage.database.pool import Connection
from api.storage.stories.sources import find_source_id, get_source
from api.storage.stories.story_lists import StoryFilter, list_stories, row_of
from api.storage.stories.story_search import has_words, search_stories, spell
from schemas.enums import StorySort
from schemas.problems import FieldError
from schemas.sources import Source
from schemas.stories import StoryRow

MOST = 30  # on an HTML page
_RANGES: Final = (
    ("min_score", "max_score"),
    ("published_after", "published_before"),
    ("created_after", "created_before"),
)


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

    If a search by relevance has no match for its words, it uses the nearest names; each match says so. Raises
    InvalidRequest for filters that no story can pass.
    """
    check_ranges(where)
    if sort is StorySort.RELEVANCE:
        assert where.q is not None, "only a search is ordered by relevance"
        where = replace(where, q=await spell(connection, where.q))
        found = await search_stories(connection, where, after=after, limit=limit)
    else:
        found = await list_stories(connection, where, sort, after=after, limit=limit)
    if not found:
        await check_words(connection, where.q)
    return found


def check_ranges(where: Struct) -> None:
    """Raises InvalidRequest for a filter whose minimum is above its maximum."""
    for low, high in _RANGES:
        least, most = getattr(where, low, None), getattr(where, high, None)
        if least is not None and most is not None and least > most:
            raise _refused(low, "out_of_range", f"{low} is above {high}, so nothing can match.")


async def check_words(connection: Connection, q: str | None) -> None:
    """Raises InvalidRequest if the search has no words but common ones; to be called if nothing was found."""
    if q is not None and not await has_words(connection, q):
        raise _refused("q", "too_short", "The search has no words but common ones. Add a rarer one.")


async def known_source(connection: Connection, given: str | None) -> str | None:
    """The id of a source given by id, slug or domain. Raises InvalidRequest for an unknown one."""
    if given is None:
        return None
    source_id = await find_source_id(connection, given)
    if source_id is None:
        raise _refused("source", "unknown", "No source has this id, slug or domain.")
    return source_id


def _refused(parameter: str, code: str, detail: str) -> InvalidRequest:
    error = FieldError(pointer=None, parameter=parameter, code=code, detail=detail)
    return InvalidRequest(f"{parameter}: {detail}", errors=[error])


class FeedPage(Struct, kw_only=True, frozen=True):
    """`keys` are the stories' list positions; `source` is the source of the feed, if any."""

    stories: list[StoryRow]
    keys: list[tuple[datetime, str]]
    source: Source | None


async def read_feed(
    runtime: Runtime, where: StoryFilter, *, after: tuple[datetime, str] | None, limit: int
) -> FeedPage:
    """A page of scored stories, last added first. `where.source` is an id, slug or domain.

    Raises NotFound for an unknown source, Unavailable.
    """
    async with runtime.pool.connection() as connection:
        source = None
        if where.source is not None:
            source_id = await find_source_id(connection, where.source)
            source = None if source_id is None else await get_source(connection, source_id)
            if source is None:
                raise NotFound(NO_SOURCE)
            where = replace(where, source=source.id)
        found = await list_stories(connection, where, StorySort.CREATED_AT, after=after, limit=limit)
    return FeedPage(
        stories=[row_of(item) for item in found],
        keys=[item.key for item in found],
        source=source,
    )
