"""The lexicon of loaded words: `lexicon.json`.

A group leaves its words out (`leave_out`) or says others instead (`say`; each may begin with one of the words in
`first`). What is said instead follows from the words that it replaces ("plummeted": "declined"), so that it adds
no fact. `before` and `after` are the only words that may follow and precede, `not_before` and `not_after` those
that may not. The longest entry at a place counts; of equal ones, the first that the words around it allow. A
group without a reason keeps its words as they are.

The words are ours. They were chosen by reading the loaded terms of 200 labelled stories.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property
from importlib.resources import files
from typing import Final, Literal, TypeAlias

import msgspec
from msgspec import Struct

from schemas.plain_wording import PlainReason

# The part of the sentence that words are which are left out.
Part: TypeAlias = Literal["adjective", "adverb", "closing adverb"]

_WORD: Final = re.compile(r"[^\W_]+(?:[-‑'’.&][^\W_]+)*")
_FOLDED: Final = str.maketrans({"’": "'", "‑": "-"})


class Word(Struct, frozen=True):
    """A word of the text: its place, and its folded letters."""

    start: int
    end: int
    folded: str


class Group(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Entries of one kind. Adjectives stand before a noun, adverbs before a word or at the end of a clause."""

    reason: PlainReason | None = None
    part: Part | None = None
    leave_out: Sequence[str] = ()
    say: Mapping[str, str] = {}
    first: Sequence[str] = ("",)
    before: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()
    not_before: frozenset[str] = frozenset()
    not_after: frozenset[str] = frozenset()
    keep: Sequence[str] = ()

    def phrases(self) -> Iterator[tuple[str, str]]:
        """Each phrase, and what is said instead; "" if it is left out."""
        yield from ((phrase, "") for phrase in (*self.leave_out, *self.keep))
        for first in self.first:
            yield from ((f"{first} {phrase}".strip(), plain) for phrase, plain in self.say.items())

    def allows(self, previous: str, following: str) -> bool:
        """Whether the words may stand between these two; "" for none."""
        return (
            (not self.before or following in self.before)
            and (not self.after or previous in self.after)
            and following not in self.not_before
            and previous not in self.not_after
        )


class Entry(Struct, frozen=True):
    """A phrase: its words, what is said instead, and its group."""

    words: Sequence[str]
    plain: str
    group: Group


class Classes(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Closed classes of words, as far as the checks need them.

    An adjective is left out only after a determiner, a preposition, a frequent verb or adjective of these lists,
    or a noun with one of the endings, and only before a word that is no function word and not `hollow` without it
    ("a great place"). In a sentence with a `downward` word, and soon after one of the `limits`, a statement does
    not follow from the same with a modifier ("no remarkable change"). `bound` words need the word after them.
    `contractions` end as a genitive does. `gerunds` are adjectives that may be verbs.
    """

    determiners: frozenset[str]
    prepositions: frozenset[str]
    verbs: frozenset[str]
    adjectives: frozenset[str]
    noun_endings: tuple[str, ...]
    function_words: frozenset[str]
    gerunds: frozenset[str]
    contractions: frozenset[str]
    hollow: frozenset[str]
    downward: frozenset[str]
    limits: frozenset[str]
    bound: frozenset[str]


class Lexicon(Struct, kw_only=True, frozen=True, dict=True, forbid_unknown_fields=True):
    """The content of the file."""

    classes: Classes
    groups: Sequence[Group]

    @cached_property
    def by_first_word(self) -> Mapping[str, Sequence[Entry]]:
        """All entries, the longest first."""
        found: dict[str, list[Entry]] = {}
        for group in self.groups:
            for phrase, plain in group.phrases():
                words = [word.folded for word in words_of(phrase, 0, len(phrase))]
                found.setdefault(words[0], []).append(Entry(words, plain, group))
        return {first: sorted(entries, key=lambda e: -len(e.words)) for first, entries in found.items()}


def words_of(text: str, start: int, end: int) -> list[Word]:
    """The words of `text` between two places."""
    return [
        Word(match.start(), match.end(), match.group().translate(_FOLDED).casefold())
        for match in _WORD.finditer(text, start, end)
    ]


@cache
def lexicon() -> Lexicon:
    """The shipped lexicon."""
    content = (files("api.rendering.plain_wording") / "lexicon.json").read_bytes()
    return msgspec.json.decode(content, type=Lexicon)
