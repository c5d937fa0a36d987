"""Advisory locks, held until the transaction ends."""

from api.storage.database.pool import Connection

# Serialises publications of one canonical URL.
LOCK_KEY = """
SELECT pg_advisory_xact_lock(hashtextextended($1, 1))
"""

# Serialises the creation of stories, so that of two near-copies only one is the first. Held for milliseconds.
LOCK_NEW_STORIES = """
SELECT pg_advisory_xact_lock(2)
"""


async def lock_key(connection: Connection, canonical_key: str) -> None:
    await connection.execute(LOCK_KEY, canonical_key)


async def lock_new_stories(connection: Connection) -> None:
    await connection.execute(LOCK_NEW_STORIES)
