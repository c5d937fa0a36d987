"""Verdicts on a verdict's text without some sentences: one row per verdict and engine, made once on request."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from api.storage.database.pool import Connection
from schemas.score_explanations import ReadAgain

# Stores the readings of a verdict by an engine, unless they exist.
INSERT_READINGS = """
INSERT INTO read_again (verdict_id, engine_digest, readings, created_at) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING
"""

# The readings by the verdict's own engine, with its article record.
SELECT_READINGS = """
SELECT r.readings, r.created_at, i.article
FROM verdicts v
     JOIN read_again r ON r.verdict_id = v.id AND r.engine_digest = v.engine_digest
     JOIN inputs i ON i.story_id = v.story_id AND i.digest = v.input_digest
WHERE v.id = $1
"""

# Whether a verdict was read again by an engine.
SELECT_IS_READ_AGAIN = """
SELECT EXISTS (SELECT FROM read_again WHERE verdict_id = $1 AND engine_digest = $2)
"""


class Readings(Struct, kw_only=True, frozen=True):
    """`article` is the record in whose text the spans are, as JSON; it was stored when they were made."""

    readings: list[ReadAgain]
    created_at: datetime
    article: str


async def insert_readings(
    connection: Connection,
    verdict_id: str,
    engine_digest: str,
    readings: Sequence[ReadAgain],
    at: datetime,
) -> None:
    encoded = msgspec.json.encode(readings).decode()
    await connection.execute(INSERT_READINGS, verdict_id, engine_digest, encoded, at)


async def get_readings(connection: Connection, verdict_id: str) -> Readings | None:
    """None until they are made."""
    row = await connection.fetchrow(SELECT_READINGS, verdict_id)
    if row is None:
        return None
    readings = msgspec.json.decode(row["readings"], type=list[ReadAgain])
    return Readings(readings=readings, created_at=row["created_at"], article=row["article"])


async def is_read_again(connection: Connection, verdict_id: str, engine_digest: str) -> bool:
    return bool(await connection.fetchval(SELECT_IS_READ_AGAIN, verdict_id, engine_digest))
