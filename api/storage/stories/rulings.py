"""Rulings: upheld appeals about a text, an input of every later assessment of it.

An upheld appeal dismisses a rule's findings at a place in a text; it does not edit a verdict. Verdicts thus
remain a function of article, engine and rulings, and name their rulings. A ruling locks the story's row; a
publication that missed it publishes nothing, and its job runs again.
"""

from collections.abc import Sequence

import asyncpg

from api.analysis.text.rulings import Ruling
from api.storage.database.pool import Connection

# All rulings on a text, in a deterministic order.
SELECT_RULINGS = """
SELECT appeal_id, text_sha256, rule, start_offset, end_offset FROM rulings WHERE text_sha256 = $1
ORDER BY start_offset, end_offset, rule, appeal_id
"""

# Stores a ruling.
INSERT_RULING = """
INSERT INTO rulings (appeal_id, text_sha256, rule, start_offset, end_offset) VALUES ($1, $2, $3, $4, $5)
"""


async def list_rulings(connection: Connection, text_sha256: str) -> list[Ruling]:
    """The rulings for assessments of this text; each note is the id of its appeal."""
    return [_ruling(row) for row in await connection.fetch(SELECT_RULINGS, text_sha256)]


async def insert_rulings(connection: Connection, rulings: Sequence[Ruling]) -> None:
    await connection.executemany(
        INSERT_RULING, [(r.note, r.text_sha256, r.rule, r.start, r.end) for r in rulings]
    )


def _ruling(row: asyncpg.Record) -> Ruling:
    return Ruling(
        text_sha256=row["text_sha256"],
        rule=row["rule"],
        start=row["start_offset"],
        end=row["end_offset"],
        note=row["appeal_id"],
    )
