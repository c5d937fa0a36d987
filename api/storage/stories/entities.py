"""Entities, one row per name and type, and the stories that mention them."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg
from msgspec import Struct
from msgspec.structs import replace

from api.storage.database.like_patterns import containing
from api.storage.database.list_item import Listed
from api.storage.database.pool import Connection
from api.storage.database.spelling import spell_name
from schemas.entities import Entity, EntityLinks
from schemas.enums import EntityType

# Adds missing entities.
INSERT_ENTITIES = """
INSERT INTO entities (id, type, key, name, created_at)
SELECT e.id, e.type, e.key, e.name, $5
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS e (id, type, key, name)
ORDER BY e.type, e.key
ON CONFLICT (type, key) DO NOTHING
"""

# Links a story to its entities by type and key.
INSERT_STORY_ENTITIES = """
INSERT INTO story_entities (entity_id, story_id, salience, listed_at)
SELECT e.id, $1, w.salience, $2
FROM unnest($3::text[], $4::text[], $5::real[]) AS w (type, key, salience)
JOIN entities e ON e.type = w.type AND e.key = w.key
"""

# Deletes a story's links before they are rewritten.
DELETE_STORY_ENTITIES = """
DELETE FROM story_entities WHERE story_id = $1
"""

# One entity, unless all its stories are retracted. An entity of former verdicts only is included, as they are
# served too.
SELECT_ENTITY = """
SELECT e.id, e.type, e.name, e.created_at
FROM entities e
WHERE e.id = $1
  AND (EXISTS (SELECT FROM story_entities l JOIN stories s ON s.id = l.story_id
               WHERE l.entity_id = e.id AND s.status <> 'retracted')
       OR NOT EXISTS (SELECT FROM story_entities l WHERE l.entity_id = e.id))
"""

# A page of entities of served stories by id, optionally of one type, with a name that contains $2 or resembles
# $3, or of one story.
SELECT_ENTITIES = """
SELECT e.id, e.type, e.name, e.created_at
FROM entities e
WHERE ($1::text IS NULL OR e.type = $1)
  AND ($3::text IS NULL OR e.name ILIKE $2 OR e.name %> $3)
  AND ($4::text IS NULL
       OR e.id = ANY (ARRAY(SELECT l.entity_id FROM story_entities l JOIN stories s ON s.id = l.story_id
                            WHERE l.story_id = $4 AND s.status <> 'retracted')))
  AND ($5::text IS NULL OR e.id > $5)
  AND EXISTS (SELECT FROM story_entities l JOIN stories s ON s.id = l.story_id
              WHERE l.entity_id = e.id AND s.status <> 'retracted')
ORDER BY e.id LIMIT $6
"""

# Matching entities, counted up to a limit.
COUNT_ENTITIES = """
SELECT count(*) FROM (
    SELECT FROM entities e
    WHERE ($1::text IS NULL OR e.type = $1)
      AND ($3::text IS NULL OR e.name ILIKE $2 OR e.name %> $3)
      AND ($4::text IS NULL
           OR e.id = ANY (ARRAY(SELECT l.entity_id FROM story_entities l JOIN stories s ON s.id = l.story_id
                                WHERE l.story_id = $4 AND s.status <> 'retracted')))
      AND EXISTS (SELECT FROM story_entities l JOIN stories s ON s.id = l.story_id
                  WHERE l.entity_id = e.id AND s.status <> 'retracted')
    LIMIT $5
) AS found
"""

# The ids of entities by type and key.
SELECT_ENTITY_IDS = """
SELECT e.type, e.key, e.id
FROM unnest($1::text[], $2::text[]) AS w (type, key) JOIN entities e ON e.type = w.type AND e.key = w.key
"""

# The entities of stories, most central first.
SELECT_ENTITIES_OF_STORIES = """
SELECT l.story_id, e.id, e.type, e.name, e.created_at
FROM story_entities l JOIN entities e ON e.id = l.entity_id
WHERE l.story_id = ANY ($1) ORDER BY l.story_id, l.salience DESC, e.id
"""


class EntityFilter(Struct, kw_only=True, frozen=True):
    """Filters of a list; None does not filter. `q` is a part of the name, possibly misspelt."""

    type: EntityType | None = None
    q: str | None = None
    story: str | None = None

    def values(self) -> tuple[str | None, ...]:
        """Arguments $1 to $4 of the statements."""
        return self.type, None if self.q is None else containing(self.q), self.q, self.story


async def get_entity(connection: Connection, entity_id: str, base_url: str) -> Entity | None:
    row = await connection.fetchrow(SELECT_ENTITY, entity_id)
    return None if row is None else _entity(row, base_url)


async def list_entities(
    connection: Connection, filter_: EntityFilter, base_url: str, *, after: str | None, limit: int
) -> list[Listed]:
    """At most `limit` entities, oldest first, after an id."""
    filter_ = await _respelt(connection, filter_)
    rows = await connection.fetch(SELECT_ENTITIES, *filter_.values(), after, limit)
    return [Listed(key=row["id"], shown=_entity(row, base_url), changed_at=row["created_at"]) for row in rows]


async def count_entities(connection: Connection, filter_: EntityFilter, limit: int) -> int:
    """At most `limit`."""
    filter_ = await _respelt(connection, filter_)
    count: int = await connection.fetchval(COUNT_ENTITIES, *filter_.values(), limit)
    return count


async def _respelt(connection: Connection, filter_: EntityFilter) -> EntityFilter:
    """With corrected names in `q`, if no name resembles all of it."""
    if filter_.q is None or await connection.fetchval(COUNT_ENTITIES, *EntityFilter(q=filter_.q).values(), 1):
        return filter_
    return replace(filter_, q=await spell_name(connection, filter_.q))


async def find_entity_ids(
    connection: Connection, named: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], str]:
    """Ids by (type, key), without unknown entities."""
    if not named:
        return {}
    types, keys = (list(column) for column in zip(*named, strict=True))
    rows = await connection.fetch(SELECT_ENTITY_IDS, types, keys)
    return {(row["type"], row["key"]): row["id"] for row in rows}


async def get_entities_of_stories(
    connection: Connection, story_ids: list[str], base_url: str
) -> dict[str, list[Entity]]:
    """The entities of each story, without empty entries."""
    entities: dict[str, list[Entity]] = {}
    for row in await connection.fetch(SELECT_ENTITIES_OF_STORIES, story_ids):
        entities.setdefault(row["story_id"], []).append(_entity(row, base_url))
    return entities


async def unlink_story(connection: Connection, story_id: str) -> None:
    """Delete the story's links to entities."""
    await connection.execute(DELETE_STORY_ENTITIES, story_id)


async def replace_story_entities(
    connection: Connection,
    story_id: str,
    listed_at: datetime,
    entities: Sequence[tuple[str, str, str, str, float]],
    at: datetime,
) -> None:
    """`entities`: (new id, type, key, name, salience), each (type, key) once."""
    await unlink_story(connection, story_id)
    if not entities:
        return
    ids, types, keys, names, saliences = (list(column) for column in zip(*entities, strict=True))
    await connection.execute(INSERT_ENTITIES, ids, types, keys, names, at)
    await connection.execute(INSERT_STORY_ENTITIES, story_id, listed_at, types, keys, saliences)


def _entity(row: asyncpg.Record, base_url: str) -> Entity:
    url = f"{base_url}/v1/entities/{row['id']}"
    return Entity(
        id=row["id"],
        type=EntityType(row["type"]),
        name=row["name"],
        created_at=row["created_at"],
        links=EntityLinks(self=url, stories=f"{base_url}/v1/stories?entity={row['id']}"),
    )
