"""What a careful reader asks of a text, by what happened and by how it is framed, and what of it is absent.

`expected.json` lists the items. Each is searched for in the whole text, title included; any of its wordings
counts as present, so errors favour the text. A text that is too short or truncated lacks nothing, and plain
news asks at most one thing.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from msgspec import Struct

from api.analysis.content.missing_evidence import can_omit
from api.analysis.content.subjects import about, subject_name
from api.analysis.text.data_files import data_file
from api.analysis.text.document import Document
from schemas.assessments import Happening, Spin
from schemas.enums import HappeningKind, SpinType, Stance

MOST_OF_PLAIN_NEWS = 1


@dataclass(frozen=True, slots=True)
class AbsentItem:
    """An expected item that the text lacks.

    `lacks` is a noun phrase about the subject of the news ("how many of Corvell's staff that is"), to follow
    "does not say" or "nothing on". `looked_for` says what was searched for; `question` asks for it.
    """

    code: str
    lacks: str
    looked_for: str
    question: str


class Item(Struct, kw_only=True, frozen=True, dict=True, forbid_unknown_fields=True):
    """One thing to ask. `only_if` is a pattern of texts in which it can be asked at all."""

    reason: str
    lacks: str
    looked_for: str
    question: str
    found_by: list[str]
    only_if: str | None = None

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(self.found_by))

    @cached_property
    def condition(self) -> re.Pattern[str] | None:
        return re.compile(self.only_if) if self.only_if else None

    def is_absent(self, text: str) -> bool:
        """Whether a text, in lower case, could be asked this and does not say it."""
        if self.condition is not None and self.condition.search(text) is None:
            return False
        return self.pattern.search(text) is None


class _Row(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What is asked about some kinds of happening; the weightiest first."""

    kinds: list[HappeningKind]
    reason: str
    asks: list[str]


class _Expected(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    rows: list[_Row]
    types: dict[SpinType, list[str]]
    items: dict[str, Item]


_EXPECTED = data_file("content/expected.json", _Expected)
ITEMS = _EXPECTED.items
ROWS = _EXPECTED.rows
ASKED_BY_TYPE = _EXPECTED.types
ASKED_BY_KIND = {kind: row.asks for row in ROWS for kind in row.kinds}


def absent_items(document: Document, happening: Happening | None, spin: Spin) -> list[AbsentItem]:
    """The expected items that the text lacks, the weightiest first: those of the kind, then of the type."""
    if not can_omit(document) or spin.satire:
        return []
    own = ASKED_BY_KIND.get(happening.kind, []) if happening else []
    plain = spin.primary is SpinType.NONE and spin.stance is Stance.NEUTRAL
    codes = own if plain else [*own, *ASKED_BY_TYPE.get(spin.primary, ())]
    subject = subject_name(document, happening)
    absent = [
        AbsentItem(
            code=code,
            lacks=about(ITEMS[code].lacks, subject),
            looked_for=ITEMS[code].looked_for,
            question=about(ITEMS[code].question, subject),
        )
        for code in dict.fromkeys(codes)
        if ITEMS[code].is_absent(document.folded)
    ]
    return absent[:MOST_OF_PLAIN_NEWS] if plain else absent
