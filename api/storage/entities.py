"""Entities: named things, one row a name and type, and the stories that speak of them."""

from collections.abc import Sequence
from datetime import datetime

from api.storage.pool import Connection

# Makes the entities that are not there yet.
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

# Forgets a story's links before they are written anew.
DELETE_STORY_ENTITIES = """
DELETE FROM story_entities WHERE story_id = $1
"""


async def replace_story_entities(
    connection: Connection,
    story_id: str,
    listed_at: datetime,
    entities: Sequence[tuple[str, str, str, str, float]],
    at: datetime,
) -> None:
    """`entities`: (new id, type, key, name, salience), each (type, key) once."""
    await connection.execute(DELETE_STORY_ENTITIES, story_id)
    if not entities:
        return
    ids, types, keys, names, saliences = (list(column) for column in zip(*entities, strict=True))
    await connection.execute(INSERT_ENTITIES, ids, types, keys, names, at)
    await connection.execute(INSERT_STORY_ENTITIES, story_id, listed_at, types, keys, saliences)
