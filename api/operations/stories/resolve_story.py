"""Which story a path names, for the lists that hang on it."""

from api.errors import NotFound
from api.operations.stories.read_document import NO_STORY
from api.operations.stories.retracted_story import gone
from api.storage.database.pool import Connection
from api.storage.stories import stories
from schemas.enums import StoryStatus


async def resolve_story(connection: Connection, id_or_slug: str) -> str:
    """The story's id. Raises NotFound, and Gone for a retracted story."""
    story = await stories.find_story(connection, id_or_slug)
    if story is None:
        raise NotFound(NO_STORY)
    if story.status is StoryStatus.RETRACTED:
        raise await gone(connection, story.id)
    return story.id
