"""How each language is written, as far as the checks need it: `table.json`.

The lists are short. A word that they lack is not found, which lets more pass; it makes nothing fall.
"""

import re
from collections.abc import Sequence
from functools import cached_property
from importlib.resources import files
from typing import Final

import msgspec
from msgspec import Struct

from api.proposals.languages.codes import LANGUAGES

STEM: Final = 4  # letters of a stem, and least letters of a content word
_WORD: Final = re.compile(rf"[^\W\d_]{{{STEM},}}")
# Where a clause begins, and a request with it.
_CLAUSE: Final = r"(?:^|[.!?:;–—]\s+|,\s+|[\"“”„«»‘’(¡¿]\s*)"
_HUNDRED: Final = 100
_THOUSAND: Final = 1_000
_NORWEGIAN: Final = "no"  # also the entry of `nb`


class Language(Struct, kw_only=True, frozen=True, dict=True, forbid_unknown_fields=True):
    """`endings` is the number of letters by which the forms of a name may differ.

    `abbreviations`, in lower case without the last full stop, never end a sentence; with `ordinals`, neither do
    figures. `lacks` begins a sentence on what a text leaves out. `address` is a pattern of words for the
    reader; `requests` are patterns of verbs, in any case, with which a request begins, and no statement does.
    `says` are patterns of the beginnings of words of saying. `numbers` are words by value (1 only in composed
    ones), and `connectors` join them in one word; those of `ambiguous` have another meaning too, those of
    `vague` are hundreds and thousands. `titles` stand before names and are none. `empty` are frequent words of
    at least four letters.
    """

    endings: int
    nouns_have_capitals: bool = False
    ordinals: bool = False
    lacks: str
    abbreviations: frozenset[str]
    address: str
    requests: list[str]
    says: list[str]
    numbers: dict[int, list[str]]
    connectors: tuple[str, ...] = ("-",)
    titles: frozenset[str] = frozenset()
    ambiguous: frozenset[str] = frozenset()
    vague: frozenset[str] = frozenset()
    empty: frozenset[str]

    @cached_property
    def addresses(self) -> re.Pattern[str]:
        """Finds an address of the reader, or a request, in words outside quotation marks."""
        return re.compile(rf"{self.address}|{_CLAUSE}(?i:(?:{'|'.join(self.requests)})\b)")

    @cached_property
    def saying(self) -> re.Pattern[str]:
        """Finds a word of saying."""
        return re.compile(rf"\b(?:{'|'.join(self.says)})", re.IGNORECASE)

    def stems(self, text: str) -> frozenset[str]:
        """The first four letters of each content word, in lower case."""
        found = map(str.lower, _WORD.findall(text))
        return frozenset(word[:STEM] for word in found if word not in self.empty)

    def number(self, words: Sequence[str]) -> int | None:
        """The value of a number in words, each of which may be composed of several; None for other words."""
        values: list[int] = []
        for word in words:
            low = word.lower()
            if low in self._values:
                values.append(self._values[low])
            elif self._composed.fullmatch(low):
                values += (self._values[found] for found in self._parts.findall(low))
            else:
                return None
        total = part = 0
        for value in values:
            part = max(part, 1) * value if value >= _HUNDRED else part + value
            if value >= _THOUSAND:
                total, part = total + part, 0
        return total + part

    @cached_property
    def _values(self) -> dict[str, int]:
        """By word."""
        return {form: value for value, forms in self.numbers.items() for form in forms}

    @cached_property
    def _parts(self) -> re.Pattern[str]:
        longest_first = sorted(self._values, key=lambda form: (-len(form), form))
        return re.compile("|".join(map(re.escape, longest_first)))

    @cached_property
    def _composed(self) -> re.Pattern[str]:
        part = self._parts.pattern
        return re.compile(rf"(?>{part})(?:(?:{'|'.join(self.connectors)})?(?>{part}))++")


_TABLE: Final = msgspec.json.decode(
    (files("api.proposals.languages") / "table.json").read_bytes(), type=dict[str, Language]
)


def language_named(code: str) -> Language:
    """The language of a code in `LANGUAGES`. Raises KeyError for others."""
    assert code in LANGUAGES, "a text of another language is read by the rules"
    return _TABLE.get(code) or _TABLE[_NORWEGIAN]
