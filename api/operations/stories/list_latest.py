"""The latest stories, of all sources or of one."""

from api.runtime.runtime import Runtime
from api.storage.stories.story_lists import StoryFilter, list_stories, row_of
from schemas.enums import StorySort
from schemas.stories import StoryRow

MOST = 30  # what a page for people shows


async def list_latest(runtime: Runtime, source_id: str | None = None, *, most: int = MOST) -> list[StoryRow]:
    """Last added first. Raises Unavailable."""
    where = StoryFilter(source=source_id)
    async with runtime.pool.connection() as connection:
        found = await list_stories(connection, where, StorySort.CREATED_AT, after=None, limit=most)
    return [row_of(item) for item in found]
