"""The numbers of some passages, in figures and in letters, and whether a sentence has others.

"41 mil" and "41.000", "seiscientos cuarenta" and "640" are one number. Numbers in letters are those of a short
list and what is composed of them; another word may begin with one ("sechswöchig").
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from api.proposals.languages.codes import ENGLISH
from api.proposals.languages.figures import Figures, placed_figures, times
from api.proposals.languages.language import Language, language_named

_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BETWEEN: Final = re.compile(r"\s(?:(?:y|e|et|og|och|und|en)\s)?")
_THOUSAND: Final = 1_000
_BEGINS: Final = 4  # letters of a number with which another word begins


@dataclass(frozen=True, slots=True)
class _Spelled:
    """A number in letters at [start, end); `figure` stands before it, as in "41 mil", or is ""."""

    start: int
    end: int
    words: tuple[str, ...]
    figure: str


class Numbers:
    """The numbers of passages in the language of a code."""

    def __init__(self, passages: Iterable[str], code: str) -> None:
        text = list(passages)
        language = language_named(code)
        self._figures = Figures(text, code)
        self._words = {word.lower() for passage in text for word in _WORD.findall(passage)}
        self._values: set[str] = set()
        for passage in text:
            for spelled in _spelled(passage, language):
                self._values.add(_value(spelled, language, code))
                self._values |= {str(language.number((word,))) for word in spelled.words}

    def has_value(self, value: str) -> bool:
        """Whether a passage has this value, written without grouping and with a full stop."""
        return value in self._values or self._figures.has_value(value)

    def has_figures(self, sentence: str, code: str) -> bool:
        """Whether the passages have all figures of a sentence in the language of a code."""
        before = {}
        if code != ENGLISH:
            language = language_named(code)
            before = {
                one.start: _value(one, language, code) for one in _spelled(sentence, language) if one.figure
            }
        return all(
            self._figures.has(figure, code)
            or self.has_value(times(figure, code, 1) or "")
            or self.has_value(before.get(_next_word(sentence, end), ""))
            for figure, end in placed_figures(sentence)
        )

    def has_words(self, sentence: str, code: str, least: int = 0) -> bool:
        """Whether the passages have all numbers in letters of at least `least`: whole, or each of their words."""
        language = language_named(code)
        return all(
            self.has_value(_value(one, language, code))
            or all(self._has(word, language) for word in one.words)
            or self._is_in_range(one, language)
            for one in _spelled(sentence, language)
            if (language.number(one.words) or 0) >= least and not _is_ambiguous(one, language)
        )

    def _is_in_range(self, spelled: _Spelled, language: Language) -> bool:
        """Whether it is a word such as "thousands", and the passages have a number of that size."""
        if len(spelled.words) > 1 or spelled.figure or spelled.words[0].lower() not in language.vague:
            return False
        low = language.number(spelled.words) or 0
        return self._figures.has_between(low, low * _THOUSAND)

    def _has(self, word: str, language: Language) -> bool:
        value = str(language.number((word,)))
        low = word.lower()
        return (
            self.has_value(value)
            or low in self._words
            or (len(low) >= _BEGINS and any(known.startswith(low) for known in self._words))
        )


def _spelled(text: str, language: Language) -> list[_Spelled]:
    """The numbers in letters, each of all words side by side."""
    ends = {_next_word(text, end): figure for figure, end in placed_figures(text)}
    found: list[_Spelled] = []
    for match in _WORD.finditer(text):
        word = match.group()
        value = language.number((word,))
        if value is None:
            continue
        last = found[-1] if found else None
        if last is not None and _BETWEEN.fullmatch(text, last.end, match.start()):
            found[-1] = _Spelled(last.start, match.end(), (*last.words, word), last.figure)
        elif value > 1:  # alone, one is an article
            found.append(_Spelled(match.start(), match.end(), (word,), ends.get(match.start(), "")))
    return found


def _value(spelled: _Spelled, language: Language, code: str) -> str:
    """The value, with a figure before it as its factor."""
    value = language.number(spelled.words) or 0
    return str(value) if not spelled.figure else times(spelled.figure, code, value) or ""


def _is_ambiguous(spelled: _Spelled, language: Language) -> bool:
    """Whether it may be no number: "neuf" is nine, and new."""
    return len(spelled.words) == 1 and spelled.words[0].lower() in language.ambiguous


def _next_word(text: str, end: int) -> int:
    """Where the word behind a figure begins."""
    return end + 1 if text[end : end + 1].isspace() else end
