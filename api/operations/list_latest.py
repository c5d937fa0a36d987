"""The latest stories, of all sources or of one."""

from api.operations.runtime import Runtime
from api.storage.stories import StoryFilter, list_stories
from schemas.enums import StoryStatus
from schemas.stories import StoryRow

MOST = 30  # what a page for people shows


async def list_latest(runtime: Runtime, source_id: str | None = None) -> list[StoryRow]:
    """Newest first. Raises Unavailable."""
    where = StoryFilter(status=StoryStatus.SCORED, source=source_id)
    async with runtime.pool.connection() as connection:
        return [row for _, row in await list_stories(connection, where, after=None, limit=MOST)]
