"""The refusal that a retracted story answers with, whatever of it was asked for and in whichever form."""

from api.errors import Gone
from api.storage.database.pool import Connection
from api.storage.stories.retractions import get_tombstone

RETRACTED = "The story was retracted."


async def gone(connection: Connection, story_id: str) -> Gone:
    """To be raised: says why, and carries the tombstone."""
    tombstone = await get_tombstone(connection, story_id)
    if tombstone is None:
        return Gone(RETRACTED)
    return Gone(f"{RETRACTED} {tombstone.statement}", tombstone=tombstone)
