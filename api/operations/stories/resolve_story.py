"""Finds the story that a path names, and refuses one that is unknown or retracted."""

from api.errors import Gone, NotFound
from api.storage.database.pool import Connection
from api.storage.stories import stories
from api.storage.stories.retractions import get_tombstone
from schemas.enums import StoryStatus
from schemas.retractions import Tombstone

NO_STORY = "There is no such story."
NO_SECOND = "This verdict has no second opinion."
NO_VERDICT = "There is no such verdict."
RETRACTED = "The story was retracted."


async def resolve_story(connection: Connection, id_or_slug: str) -> str:
    """The story's id. Raises NotFound, and Gone for a retracted story."""
    story = await stories.find_story(connection, id_or_slug)
    if story is None:
        raise NotFound(NO_STORY)
    if story.status is StoryStatus.RETRACTED:
        raise await gone(connection, story.id)
    return story.id


async def current_verdict(connection: Connection, id_or_slug: str) -> str:
    """The id of the story's current verdict. Raises what `resolve_story` raises."""
    story_id = await resolve_story(connection, id_or_slug)
    story = await stories.get_current(connection, story_id)
    if story is None:
        raise NotFound(NO_STORY)
    return story.verdict_id


async def gone(connection: Connection, story_id: str) -> Gone:
    """The error to raise for a retracted story, with the reason and the tombstone."""
    return retraction_error(await get_tombstone(connection, story_id))


def retraction_error(tombstone: Tombstone | None) -> Gone:
    """The error for a retracted story with this tombstone."""
    if tombstone is None:
        return Gone(RETRACTED)
    return Gone(f"{RETRACTED} {tombstone.statement}", tombstone=tombstone)
