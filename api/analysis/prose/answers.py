"""The questions that a story of each kind should answer, and the wording of a sentence that does.

`answers.json` lists them by kind of happening, the weightiest first, each with its reason. The patterns match
words of one clause of a sentence in searchable form (`searchable.py`). Where they are loose (`near`), only a
sentence about the news answers.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from api.analysis.content.expected_table import at_word
from api.analysis.text.data_files import data_file
from schemas.enums import HappeningKind


class _Row(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    kinds: list[HappeningKind]
    question: str
    near: bool = False
    said: list[str]
    reason: str


class _Table(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    fragments: dict[str, str]
    rows: list[_Row]


_TABLE = data_file("prose/answers.json", _Table)
ROWS = tuple(_TABLE.rows)
_SAID = tuple(at_word(row.said, _TABLE.fragments) for row in ROWS)


def asked_of(kind: HappeningKind | None) -> Iterator[tuple[str, bool, re.Pattern[str]]]:
    """The questions for a kind of happening, each with `near` and the pattern of an answer."""
    return (
        (row.question, row.near, said) for row, said in zip(ROWS, _SAID, strict=True) if kind in row.kinds
    )
