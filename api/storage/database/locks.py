"""Advisory locks, held until the transaction ends: one publication at a time of one URL, or of new stories."""

from api.storage.database.pool import Connection

# Serialises publications of one canonical URL.
LOCK_KEY = """
SELECT pg_advisory_xact_lock(hashtextextended($1, 1))
"""

# Serialises the making of stories, so that two near-copies cannot both be the first. Held for some
# milliseconds; only new stories take it.
LOCK_NEW_STORIES = """
SELECT pg_advisory_xact_lock(2)
"""


async def lock_key(connection: Connection, canonical_key: str) -> None:
    await connection.execute(LOCK_KEY, canonical_key)


async def lock_new_stories(connection: Connection) -> None:
    await connection.execute(LOCK_NEW_STORIES)
