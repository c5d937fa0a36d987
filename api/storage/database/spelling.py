"""Correction of misspelt names by the nearest words of known names."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from api.storage.database.pool import Connection

# The nearest word of a name for each word, if one is near.
SELECT_NEAREST_WORDS = """
SELECT w.word, nearest_name(w.word) AS name FROM unnest($1::text[]) AS w (word)
"""

_WORD = re.compile(r"\w{4,}")  # shorter words are near to too many
_MAX_WORDS = 8  # checked per search


def candidate_words(q: str) -> list[str]:
    """The words of a search that may be misspelt names."""
    return list(dict.fromkeys(_WORD.findall(q)))[:_MAX_WORDS]


def respell(q: str, nearest: Iterable[Mapping[str, Any]]) -> str:
    """`q` with the corrected names."""
    for row in nearest:
        if row["name"] is not None:
            q = re.sub(rf"\b{row['word']}\b", row["name"].replace("\\", ""), q)
    return q


async def spell_name(connection: Connection, q: str) -> str:
    """A part of a name with corrected spelling."""
    return respell(q, await connection.fetch(SELECT_NEAREST_WORDS, candidate_words(q)))
