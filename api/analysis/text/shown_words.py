"""Words of a text as they are shown: whole, and never the second half of a contraction.

A span stays where a rule found it; what is printed of it may take in the rest of a word. Limits: by characters
alone, so that both engines show the same.
"""

import re
from collections.abc import Iterator
from itertools import takewhile

from spacy.lang.en.stop_words import STOP_WORDS

MIN_STORY_WORDS = 2  # content words of the story that a sentence names
_REACH = 70  # characters on either side in which further words are sought
_LONG = re.compile(r"[^\W_]{3,}")
_PIECE = re.compile(r"[^\W_]+(?:[-‑'’][^\W_]+)*")
_BREAK = re.compile(
    r"[,;:.!?()\[\]|•*\n—–]|\b(?:and|or|but|because|which|who|that|when|while|if|as|than|so)\b", re.IGNORECASE
)
_QUOTES = str.maketrans(dict.fromkeys('“”„«»"', None))
_HYPHENS = "-‑"
_TAIL = re.compile(r"['’](?:s|re|ve|ll|m|d)\b\s*", re.IGNORECASE)
_NOT = re.compile(r"n['’]t\b", re.IGNORECASE)


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """[start, end) stretched over hyphens and cut words, without a contraction's "'re" in front.

    Before "n't" it takes in the verb, without which it would say nothing.
    """
    low, high = start - _REACH, end + _REACH
    while start > low and _goes_on(text, start - 1, -1):
        start -= 1
    while end < high and _goes_on(text, end, 1):
        end += 1
    if tail := _TAIL.match(text, start, end):
        start = tail.end()
    elif _NOT.match(text, start, end):
        while start > 0 and text[start - 1].isalnum():
            start -= 1
    return start, max(start, end)


def _goes_on(text: str, at: int, step: int) -> bool:
    """Whether the character at `at` belongs to the word that ends before it."""
    if not 0 <= at < len(text) or not 0 <= at - step < len(text):
        return False
    beside, here, beyond = (
        text[at - step],
        text[at],
        text[at + step : at + step + 1] if at + step >= 0 else "",
    )
    if here in _HYPHENS:
        return beside.isalnum() and beyond.isalnum()
    return here.isalnum() and (beside.isalnum() or beside in _HYPHENS)


def named_words(text: str, start: int, end: int, low: int, high: int) -> str:
    """The words at [start, end), with so many beside them in the sentence [low, high) that two tell of the story.

    Those behind go first, as they are what an adjective or a verb is about. White space is one blank, quotation
    marks are left out.
    """
    start, end = whole_words(text, start, end)
    missing = MIN_STORY_WORDS - len(content_words(text[start:end]))
    if missing > 0:
        start, end = _widened(text, start, end, max(low, start - _REACH), min(high, end + _REACH))
    return " ".join(text[start:end].translate(_QUOTES).split())


def content_words(text: str) -> set[str]:
    """Words of three letters and more that are no function words, in lower case."""
    return {word for match in _LONG.finditer(text) if (word := match.group().lower()) not in STOP_WORDS}


def _widened(text: str, start: int, end: int, low: int, high: int) -> tuple[int, int]:
    """[start, end) with the fewest words behind, before or on both sides that make it tell enough.

    No mark and no conjunction is stepped over unless nothing else is left.
    """
    places = _places(text, start, end, low, high)
    return next(((a, b) for a, b in places if len(content_words(text[a:b])) >= MIN_STORY_WORDS), (start, end))


def _places(text: str, start: int, end: int, low: int, high: int) -> Iterator[tuple[int, int]]:
    behind = [m.end() for m in _PIECE.finditer(text, end, high) if not text[m.end() : m.end() + 1].isalnum()]
    close = list(takewhile(lambda at: _BREAK.search(text, end, at) is None, behind))
    yield from ((start, at) for at in close)
    before = [
        m.start()
        for m in _PIECE.finditer(text, low, start)
        if not text[max(m.start() - 1, 0) : m.start()].isalnum()
    ][::-1]
    near = list(takewhile(lambda at: _BREAK.search(text, at, start) is None, before))
    yield from ((at, end) for at in near)
    yield from ((at, max([end, *close])) for at in near)
    yield from ((start, at) for at in behind)
    yield from ((at, max([end, *behind])) for at in before)
