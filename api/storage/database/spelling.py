"""Misspelt names: the nearest words of names in the place of those that were sent."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from api.storage.database.pool import Connection

# Each of the given words with the nearest word of a name, if one is near.
SELECT_NEAREST_WORDS = """
SELECT w.word, nearest_name(w.word) AS name FROM unnest($1::text[]) AS w (word)
"""

_WORD = re.compile(r"\w{4,}")  # three letters are near to too much
_MAX_WORDS = 8  # of one search are tried against the names


def tried(q: str) -> list[str]:
    """The words of a search that may be misspelt names."""
    return list(dict.fromkeys(_WORD.findall(q)))[:_MAX_WORDS]


def respelt(q: str, nearest: Iterable[Mapping[str, Any]]) -> str:
    """`q` with the names in the place of their words, where there is a name."""
    for row in nearest:
        if row["name"] is not None:
            q = re.sub(rf"\b{row['word']}\b", row["name"].replace("\\", ""), q)
    return q


async def spell_name(connection: Connection, q: str) -> str:
    """A part of a name, spelt as the nearest words of names are."""
    return respelt(q, await connection.fetch(SELECT_NEAREST_WORDS, tried(q)))
