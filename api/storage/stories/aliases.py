"""Aliases: every normalised URL key that leads to a story."""

from collections.abc import Sequence
from datetime import datetime

from api.storage.database.pool import Connection
from schemas.enums import AliasKind
from schemas.stories import Alias

# The story behind the first of the given keys that is known, in their order.
SELECT_STORY_OF_KEYS = """
SELECT a.story_id, a.kind, a.key, a.url
FROM unnest($1::text[]) WITH ORDINALITY AS wanted (key, position) JOIN story_aliases a USING (key)
ORDER BY wanted.position LIMIT 1
"""

# Which of the keys name a story.
SELECT_KNOWN_KEYS = """
SELECT key FROM story_aliases WHERE key = ANY ($1::text[])
"""

# All aliases of a story, oldest first; those that were there at a time, if one is given.
SELECT_ALIASES = """
SELECT url, kind FROM story_aliases
WHERE story_id = $1 AND ($2::timestamptz IS NULL OR created_at <= $2) ORDER BY created_at, key
"""

# Makes a key name a story; only the story that is canonical at a key keeps it against others.
UPSERT_ALIAS = """
INSERT INTO story_aliases AS a (key, url, story_id, kind, created_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (key) DO UPDATE SET story_id = excluded.story_id, kind = excluded.kind, url = excluded.url
WHERE (a.kind <> 'canonical' AND (a.story_id <> excluded.story_id OR excluded.kind = 'canonical'))
"""

# Turns a story's former canonical address into a syndicated alias.
DEMOTE_CANONICAL = """
UPDATE story_aliases SET kind = 'syndicated' WHERE story_id = $1 AND kind = 'canonical'
"""


async def find_story_id(connection: Connection, keys: Sequence[str]) -> tuple[str, AliasKind] | None:
    """The story that the first known key names, and how."""
    row = await connection.fetchrow(SELECT_STORY_OF_KEYS, list(keys))
    return None if row is None else (row["story_id"], AliasKind(row["kind"]))


async def known_keys(connection: Connection, keys: Sequence[str]) -> set[str]:
    """Those of the keys that name a story."""
    return {row["key"] for row in await connection.fetch(SELECT_KNOWN_KEYS, list(keys))}


async def list_aliases(connection: Connection, story_id: str, at: datetime | None = None) -> list[Alias]:
    """Those of now, or those that were there at a time."""
    rows = await connection.fetch(SELECT_ALIASES, story_id, at)
    return [Alias(url=row["url"], kind=AliasKind(row["kind"])) for row in rows]


async def add_alias(
    connection: Connection, *, key: str, url: str, story_id: str, kind: AliasKind, at: datetime
) -> None:
    await connection.execute(UPSERT_ALIAS, key, url, story_id, kind.value, at)


async def demote_canonical(connection: Connection, story_id: str) -> None:
    await connection.execute(DEMOTE_CANONICAL, story_id)
