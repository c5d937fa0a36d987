"""Signatures of texts, to find near-copies of stories."""

from collections.abc import Sequence

from api.storage.database.pool import Connection

# Stories that share a band with the text, oldest first.
SELECT_CANDIDATES = """
SELECT s.story_id, s.signature FROM story_signatures s
WHERE s.story_id IN (SELECT b.story_id FROM story_bands b WHERE b.band = ANY ($1))
ORDER BY s.story_id LIMIT 200
"""

# Sets a story's signature.
UPSERT_SIGNATURE = """
INSERT INTO story_signatures (story_id, signature) VALUES ($1, $2)
ON CONFLICT (story_id) DO UPDATE SET signature = excluded.signature
"""

# Deletes the bands of a story's former text.
DELETE_BANDS = """
DELETE FROM story_bands WHERE story_id = $1
"""

# Adds a story's bands.
INSERT_BANDS = """
INSERT INTO story_bands (band, story_id) SELECT DISTINCT band, $2 FROM unnest($1::bigint[]) AS band
"""


async def list_candidates(connection: Connection, bands: Sequence[int]) -> list[tuple[str, bytes]]:
    rows = await connection.fetch(SELECT_CANDIDATES, list(bands))
    return [(row["story_id"], row["signature"]) for row in rows]


async def replace_signature(
    connection: Connection, story_id: str, signature: bytes, bands: Sequence[int]
) -> None:
    await connection.execute(UPSERT_SIGNATURE, story_id, signature)
    await connection.execute(DELETE_BANDS, story_id)
    await connection.execute(INSERT_BANDS, list(bands), story_id)
