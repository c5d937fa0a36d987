"""The table of what a careful reader asks of a text, by what happened and by how it is framed.

`expected.json` says of each kind of happening and each spin type which items a text should hold, who should be
heard, and what is at stake, the weightiest first and each with its reason. Its patterns match at the start of a
word of a searchable text (`searchable.py`), and may use the file's fragments, as <NUM>.
"""

import re
from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any

import msgspec
from msgspec import Struct

from api.analysis.text.data_files import data_file
from schemas.enums import HappeningKind, SpinType, Stance

_FRAGMENT = re.compile(r"<([A-Z]+\d?)>")


class _Asked(Struct, kw_only=True, frozen=True, dict=True, forbid_unknown_fields=True):
    """A question, and the texts in which it makes sense.

    These hold all patterns of `only_if` and none of `unless`, have one of `stances` ([] for any), and do not tell
    of a kind in `not_for`, but of one in `only_for` ([] for any).
    """

    only_if: list[str] = []
    unless: list[str] = []
    stances: list[Stance] = []
    not_for: list[HappeningKind] = []
    only_for: list[HappeningKind] = []

    @cached_property
    def _conditions(self) -> list[re.Pattern[str]]:
        return [at_word([pattern]) for pattern in self.only_if]

    @cached_property
    def _exceptions(self) -> list[re.Pattern[str]]:
        return [at_word([pattern]) for pattern in self.unless]

    def is_asked(self, text: str, stance: Stance, kind: HappeningKind | None) -> bool:
        """Whether it makes sense to ask such a text, in searchable form."""
        if kind in self.not_for or (self.only_for and kind not in self.only_for):
            return False
        if self.stances and stance not in self.stances:
            return False
        if any(pattern.search(text) for pattern in self._exceptions):
            return False
        return all(pattern.search(text) for pattern in self._conditions)


class Item(_Asked, kw_only=True, frozen=True, dict=True, forbid_unknown_fields=True):
    """One thing that a text should say; `lacks` is an indirect question, to follow "does not say".

    Its absence is told of texts that hold all patterns of `told_if` and none of `untold_if`; the score counts it
    in others too. With another `verb`, `lacks` is its object.
    """

    told_if: list[str] = []
    untold_if: list[str] = []
    reason: str
    verb: str = "say"
    lacks: str
    looked_for: str
    question: str
    found_by: list[str]

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return at_word(self.found_by)

    @cached_property
    def _worth_telling(self) -> list[re.Pattern[str]]:
        return [at_word([pattern]) for pattern in self.told_if]

    @cached_property
    def _idle(self) -> list[re.Pattern[str]]:
        return [at_word([pattern]) for pattern in self.untold_if]

    def is_told(self, text: str) -> bool:
        """Whether the absence is worth telling of such a text, in searchable form."""
        return all(pattern.search(text) for pattern in self._worth_telling) and not any(
            pattern.search(text) for pattern in self._idle
        )

    def is_in(self, text: str) -> bool:
        """Whether the text, in searchable form, says it."""
        return self._pattern.search(text) is not None


class Party(_Asked, kw_only=True, frozen=True, dict=True, forbid_unknown_fields=True):
    """Someone who should be heard; `speaks` are patterns of speakers' introductions.

    `told` and `told_why` are words for readers, if the text fills the slot of `told`.
    """

    name: str
    why: str
    told: str | None = None
    told_why: str | None = None
    speaks: list[str]

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return at_word(self.speaks)

    def is_in(self, introductions: str) -> bool:
        """Whether a speaker's introduction, in searchable form, names the party."""
        return self._pattern.search(introductions) is not None


class Expert(Struct, kw_only=True, frozen=True, dict=True, forbid_unknown_fields=True):
    """Those who are competent on a topic, the authority in charge of it, and those who sell what it calls for."""

    name: str
    authority: str | None = None
    sellers: str | None = None
    topic: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return at_word([self.topic])


class ByKind(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What is asked, who should be heard, what is at stake (`matter`), and what praise of it
    earns a firm (`prize`), where something of `kinds` happens.

    `adverse` news is bad for somebody, and praise of it is not the point. `missed` gives the
    share of framed stories of these kinds in which a reader missed an item (`api/training/data/lacks.jsonl`, with
    ten stories of all kinds besides).
    """

    kinds: list[HappeningKind]
    reason: str
    matter: str
    prize: str
    adverse: bool
    asks: list[str]
    hears: list[str]
    missed: dict[str, float]


class ByType(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """How a type of framing serves whom it favours."""

    reason: str
    gain: str


class _Table(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    fragments: dict[str, str]
    rows: list[ByKind]
    types: dict[SpinType, ByType]
    items: dict[str, Item]
    told: dict[str, dict[str, Any]]
    parties: dict[str, Party]
    experts: list[Expert]


_TABLE = data_file("content/expected.json", _Table)
ROWS = _TABLE.rows
BY_KIND = {kind: row for row in ROWS for kind in row.kinds}
BY_TYPE = _TABLE.types
ITEMS = _TABLE.items
# The items as they are told: with their own fields in place of those on which the score and the requests depend.
TOLD = ITEMS | {
    code: msgspec.convert((msgspec.to_builtins(ITEMS[code]) if code in ITEMS else {}) | own, Item)
    for code, own in _TABLE.told.items()
}
PARTIES = _TABLE.parties
EXPERTS = _TABLE.experts

OFTEN_OF_TOPIC, LEAST_OF_TOPIC = 8, 4  # words of a topic in a text about it: of one sort, of various ones
LEAST_VARIOUS, STEM = 2, 4  # different words, by their first letters


def topic_of(text: str) -> Expert | None:
    """Who is competent on the main topic of a text in searchable form; None if it has none of the topics."""
    uses, place = max((len(expert.pattern.findall(text)), -at) for at, expert in enumerate(EXPERTS))
    stems = {word.strip()[:STEM] for word in EXPERTS[-place].pattern.findall(text)}
    is_topic = uses >= OFTEN_OF_TOPIC or (uses >= LEAST_OF_TOPIC and len(stems) >= LEAST_VARIOUS)
    return EXPERTS[-place] if is_topic else None


def at_word(patterns: list[str], fragments: Mapping[str, str] = MappingProxyType({})) -> re.Pattern[str]:
    """Matches where a word of a searchable text starts with one of `patterns`.

    `fragments` are names for parts of these patterns, besides the table's.
    """
    pattern, known = f" (?:{'|'.join(patterns)})", {**_TABLE.fragments, **fragments}
    while _FRAGMENT.search(pattern):  # a fragment may have others
        pattern = _FRAGMENT.sub(lambda name: known[name[1]], pattern)
    return re.compile(pattern)
