"""Notes, in a change's transaction, that search engines are to be told of it, where the operator wants that."""

from api.runtime.runtime import Runtime
from api.storage.database.pool import Connection
from api.storage.stories.indexnow_outbox import put_notice


async def note_for_search(connection: Connection, runtime: Runtime, story_id: str) -> None:
    """Of a story that was published, revised or retracted: its page has changed."""
    if runtime.settings.indexnow_key:
        await put_notice(connection, story_id, runtime.clock.now())
