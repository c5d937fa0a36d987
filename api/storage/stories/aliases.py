"""Aliases: the normalised URL keys of stories."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from api.storage.database.pool import Connection
from schemas.enums import AliasKind, StoryStatus
from schemas.stories import Alias

# The story of the first known key.
SELECT_STORY_OF_KEYS = """
SELECT a.story_id, a.kind, s.status
FROM unnest($1::text[]) WITH ORDINALITY AS wanted (key, position)
JOIN story_aliases a USING (key) JOIN stories s ON s.id = a.story_id
ORDER BY wanted.position LIMIT 1
"""

# The known keys.
SELECT_KNOWN_KEYS = """
SELECT key FROM story_aliases WHERE key = ANY ($1::text[])
"""

# A story's aliases, oldest first, optionally as of a time.
SELECT_ALIASES = """
SELECT url, kind FROM story_aliases
WHERE story_id = $1 AND ($2::timestamptz IS NULL OR created_at <= $2) ORDER BY created_at, key
"""

# Assigns a key to a story; a canonical key stays with its story.
UPSERT_ALIAS = """
INSERT INTO story_aliases AS a (key, url, story_id, kind, created_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (key) DO UPDATE SET story_id = excluded.story_id, kind = excluded.kind, url = excluded.url
WHERE (a.kind <> 'canonical' AND (a.story_id <> excluded.story_id OR excluded.kind = 'canonical'))
"""

# Turns a story's former canonical URL into a syndicated alias.
DEMOTE_CANONICAL = """
UPDATE story_aliases SET kind = 'syndicated' WHERE story_id = $1 AND kind = 'canonical'
"""


class AliasedStory(NamedTuple):
    """A story found by a key, and the kind of alias that the key is."""

    story_id: str
    alias: AliasKind
    status: StoryStatus


async def find_story(connection: Connection, keys: Sequence[str]) -> AliasedStory | None:
    """The story of the first known key; None if no key is known."""
    row = await connection.fetchrow(SELECT_STORY_OF_KEYS, list(keys))
    if row is None:
        return None
    return AliasedStory(row["story_id"], AliasKind(row["kind"]), StoryStatus(row["status"]))


async def known_keys(connection: Connection, keys: Sequence[str]) -> set[str]:
    return {row["key"] for row in await connection.fetch(SELECT_KNOWN_KEYS, list(keys))}


async def list_aliases(connection: Connection, story_id: str, at: datetime | None = None) -> list[Alias]:
    """As of now, or as of `at`."""
    rows = await connection.fetch(SELECT_ALIASES, story_id, at)
    return [Alias(url=row["url"], kind=AliasKind(row["kind"])) for row in rows]


async def add_alias(
    connection: Connection, *, key: str, url: str, story_id: str, kind: AliasKind, at: datetime
) -> None:
    await connection.execute(UPSERT_ALIAS, key, url, story_id, kind.value, at)


async def demote_canonical(connection: Connection, story_id: str) -> None:
    await connection.execute(DEMOTE_CANONICAL, story_id)
