"""Reads the file of items and parties that readers missed in stories, by the codes of `expected.json`."""

import msgspec
from msgspec import Struct

from api.analysis.content.expected_table import ITEMS, PARTIES
from api.analysis.models.document_heads import voice_code


class _Lacks(Struct, frozen=True, forbid_unknown_fields=True):
    """The items and the parties that one reader missed in a story; [] for none."""

    id: str
    items: list[str]
    parties: list[str]


def read_lacks(content: bytes) -> dict[str, frozenset[str]]:
    """What each story of a JSONL file lacks, by id; without codes that the table has no words for.

    Raises msgspec.ValidationError for invalid lines.
    """
    rows = [msgspec.json.decode(line, type=_Lacks) for line in content.splitlines()]
    return {
        row.id: frozenset(
            [c for c in row.items if c in ITEMS] + [voice_code(c) for c in row.parties if c in PARTIES]
        )
        for row in rows
    }
