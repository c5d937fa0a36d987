"""Verdicts: immutable versions; the assessment is kept byte for byte as the engine gave it."""

from datetime import datetime

from msgspec import Struct

from api.storage.pool import Connection
from schemas.enums import VerdictReason

# Appends a version; the table refuses every change to it.
INSERT_VERDICT = """
INSERT INTO verdicts (id, story_id, version, reason, engine_name, engine_version, engine_digest,
                      taxonomy_version, input_digest, text_sha256, assessment, created_at, rulings)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
"""

# One verdict.
SELECT_VERDICT = """
SELECT id, story_id, version, reason, engine_name, engine_version, engine_digest, taxonomy_version,
       input_digest, text_sha256, assessment, created_at, rulings
FROM verdicts WHERE id = $1
"""


class VerdictRecord(Struct, kw_only=True, frozen=True):
    """A verdict's row. `assessment` is the engine's JSON, `rulings` those that it heeded."""

    id: str
    story_id: str
    version: int
    reason: VerdictReason
    engine_name: str
    engine_version: str
    engine_digest: str
    taxonomy_version: str
    input_digest: str
    text_sha256: str
    assessment: str
    created_at: datetime
    rulings: str


async def insert_verdict(connection: Connection, verdict: VerdictRecord) -> None:
    await connection.execute(
        INSERT_VERDICT, *(getattr(verdict, name) for name in VerdictRecord.__struct_fields__)
    )


async def get_verdict(connection: Connection, verdict_id: str) -> VerdictRecord | None:
    row = await connection.fetchrow(SELECT_VERDICT, verdict_id)
    return None if row is None else _record(dict(row))


def _record(row: dict[str, object]) -> VerdictRecord:
    return VerdictRecord(**row | {"reason": VerdictReason(str(row["reason"]))})  # type: ignore[arg-type]  # columns are the fields
