"""Finds a quote in the text: exactly, then without regard to white space, case, quotation marks and dashes.

The result is a place of the text, never the model's words. A quote must begin and end at a word's border, and not
inside a number. It is searched for in the sentence that the answer names; elsewhere it counts if it occurs once.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from api.analysis.text.document import Sentence
from api.proposals.drops import DropReason

LEFT_OUT: Final = re.compile(r"\s{0,9}(?:…|\[\.\.\.\])\s{0,9}")  # between two parts of a quote
MAX_QUOTE: Final = 600  # characters; a longer one copies the text
MIN_FROM_PROMPT: Final = 12  # characters; shorter quotes are in the prompt by chance
_DOUBLE, _SINGLE, _DASHES = "“”„‟«»＂″", "‘’‚‛`´′", "‐‑‒–—―−"
_FOLDED: Final = str.maketrans(
    {**dict.fromkeys(_DOUBLE, '"'), **dict.fromkeys(_SINGLE, "'"), **dict.fromkeys(_DASHES, "-")}
)
_OUTER: Final = "\"'“”„‟«»‘’‚‛` \t\n"


@dataclass(frozen=True, slots=True)
class Place:
    """Characters [start, end) of the text. `repaired`: not found exactly in the sentence that was named."""

    start: int
    end: int
    repaired: bool = False


class QuoteFinder:
    """Finds quotes in one text; `prompt` is the text of our own instructions."""

    def __init__(self, text: str, prompt: str = "") -> None:
        self._text = text
        self._folded, self._offsets = _folded(text)
        self._prompt = _folded(prompt)[0]

    def find(self, quote: str, sentence: Sentence | None) -> Place | DropReason:
        """The place of a quote. A quote may begin in the sentence and run on into the next ones."""
        forms = [form for form in dict.fromkeys((quote.strip(), quote.strip(_OUTER))) if form]
        if not any(map(str.isalnum, quote)):
            return DropReason.NOT_FOUND
        if len(forms[-1]) > MAX_QUOTE:
            return DropReason.TOO_LONG
        if sentence is not None:
            for form in forms:
                exact = next(_occurrences(self._text, form, sentence.start, sentence.end), None)
                if exact is not None:
                    return Place(exact, exact + len(form))
        places: list[Place] = next(filter(None, map(self._places, forms)), [])
        if sentence is not None:
            here = [p for p in places if sentence.start <= p.start < sentence.end]
            if here:
                return here[0]
        if len(places) == 1:
            return places[0]
        if places:
            return DropReason.AMBIGUOUS
        folded = _folded(forms[-1])[0]
        leaked = len(folded) >= MIN_FROM_PROMPT and folded in self._prompt
        return DropReason.FROM_PROMPT if leaked else DropReason.NOT_FOUND

    def first(self, phrase: str) -> Place | None:
        """The first place of a phrase in the whole text after normalisation; None if the text lacks it."""
        return next(iter(self._places(phrase.strip(_OUTER))), None)

    def _places(self, words: str) -> list[Place]:
        folded = _folded(words)[0].strip()
        if not folded:
            return []
        return [
            Place(self._offsets[at], self._offsets[at + len(folded) - 1] + 1, repaired=True)
            for at in _occurrences(self._folded, folded, 0, len(self._folded))
        ]


def _occurrences(text: str, words: str, low: int, high: int) -> Iterator[int]:
    """The starts in [low, high) of `words` between borders."""
    at = text.find(words, low)
    while 0 <= at < high:
        if _is_border(text, at) and _is_border(text, at + len(words)):
            yield at
        at = text.find(words, at + 1)


def _is_border(text: str, at: int) -> bool:
    """Whether no word and no number runs across `at`."""
    before, after = text[max(0, at - 2) : at], text[at : at + 2]
    if not before or not after:
        return True
    if before[-1].isalnum() and after[0].isalnum():
        return False
    inside = before[-1].isdigit() and after[0] in ".,:" and after[1:].isdigit()
    return not inside and not (before[-1] in ".,:" and before[:-1].isdigit() and after[0].isdigit())


def _folded(text: str) -> tuple[str, list[int]]:
    """The normalised text, and for each of its characters the offset of the original one."""
    characters: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(text.translate(_FOLDED)):
        if character.isspace():
            if characters and characters[-1] != " ":
                characters.append(" ")
                offsets.append(offset)
            continue
        low = character.lower()
        characters.append(low if len(low) == 1 else character)
        offsets.append(offset)
    return "".join(characters), offsets
