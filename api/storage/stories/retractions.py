"""Retractions: stories that are no longer served, and their public statements."""

import asyncpg
from msgspec import Struct

from api.storage.database.pool import Connection
from api.storage.stories.claims import retire_claims
from schemas.enums import RetractionReason
from schemas.retractions import Tombstone

# Records a retraction.
INSERT_RETRACTION = """
INSERT INTO retractions (story_id, reason, statement, retracted_at) VALUES ($1, $2, $3, $4)
"""

# Removes a story from all lists.
UPDATE_RETRACTED = """
UPDATE stories SET status = 'retracted', row_version = row_version + 1, updated_at = $2 WHERE id = $1
"""

# Deletes the documents of a story and its verdicts, and returns their names, which are also cache keys.
DELETE_DOCUMENTS_OF_STORY = """
DELETE FROM documents WHERE object_id = $1 OR object_id IN (SELECT v.id FROM verdicts v WHERE v.story_id = $1)
RETURNING object_id, form
"""

# The tombstone of a retracted story.
SELECT_TOMBSTONE = """
SELECT story_id, reason, statement, retracted_at FROM retractions WHERE story_id = $1
"""


class DocumentName(Struct, kw_only=True, frozen=True):
    """A form of an object; also its cache key."""

    object_id: str
    form: str


async def retract(connection: Connection, tombstone: Tombstone) -> list[DocumentName]:
    """Replace the story by a tombstone, and return the names of the deleted documents. The story is locked."""
    story_id = tombstone.story_id
    await connection.execute(
        INSERT_RETRACTION, story_id, tombstone.reason.value, tombstone.statement, tombstone.retracted_at
    )
    await connection.execute(UPDATE_RETRACTED, story_id, tombstone.retracted_at)
    await retire_claims(connection, story_id)
    return [DocumentName(**dict(row)) for row in await connection.fetch(DELETE_DOCUMENTS_OF_STORY, story_id)]


async def get_tombstone(connection: Connection, story_id: str) -> Tombstone | None:
    row = await connection.fetchrow(SELECT_TOMBSTONE, story_id)
    return None if row is None else tombstone_of(row)


def tombstone_of(row: asyncpg.Record) -> Tombstone:
    """The tombstone in a row that has the columns of `SELECT_TOMBSTONE`, and perhaps others."""
    return Tombstone(
        story_id=row["story_id"],
        reason=RetractionReason(row["reason"]),
        statement=row["statement"],
        retracted_at=row["retracted_at"],
    )
