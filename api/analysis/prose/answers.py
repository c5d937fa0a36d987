"""The questions that a story of each kind should answer, and the wording of a sentence that does.

`answers.json` lists them by kind of happening, the weightiest first, each with its reason. The patterns match
words of one clause of a sentence in searchable form (`searchable.py`). Where they are loose (`near`), only a
sentence about the news answers.
"""

import re
from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

from api.analysis.content.expected_table import at_word
from api.analysis.text.data_files import data_file
from schemas.enums import HappeningKind


class _Row(Struct, kw_only=True, frozen=True, dict=True, forbid_unknown_fields=True):
    kinds: list[HappeningKind]
    question: str
    near: bool = False
    said: list[str]
    reason: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The pattern of an answer, compiled for the first story of such a kind."""
        return at_word(self.said, _TABLE.fragments)


class _Table(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    fragments: dict[str, str]
    rows: list[_Row]


_TABLE = data_file("prose/answers.json", _Table)
ROWS = tuple(_TABLE.rows)


def asked_of(kind: HappeningKind | None) -> Iterator[tuple[str, bool, re.Pattern[str]]]:
    """The questions for a kind of happening, each with `near` and the pattern of an answer."""
    return ((row.question, row.near, row.pattern) for row in ROWS if kind in row.kinds)
