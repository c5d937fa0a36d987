"""Words of a text for display: whole, and never only the second half of a contraction.

They may extend beyond the span of a rule. They depend on characters alone, so both engines show the same.
"""

import re
from collections.abc import Iterator
from itertools import takewhile

from api.analysis.text.stop_words import STOP_WORDS

MIN_STORY_WORDS = 2  # content words to show
_REACH = 70  # characters searched on either side
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
    """[start, end) extended over hyphens and cut words, without a leading contraction such as "'re".

    Before "n't" it includes the verb.
    """
    low, high = start - _REACH, end + _REACH
    while start > low and _continues_word(text, start - 1, -1):
        start -= 1
    while end < high and _continues_word(text, end, 1):
        end += 1
    if tail := _TAIL.match(text, start, end):
        start = tail.end()
    elif _NOT.match(text, start, end):
        while start > 0 and text[start - 1].isalnum():
            start -= 1
    return start, max(start, end)


def _continues_word(text: str, at: int, step: int) -> bool:
    """Whether the character at `at` belongs to the word that ends before it in the direction of `step`."""
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
    """The words at [start, end) with enough neighbours in the sentence [low, high) for MIN_STORY_WORDS.

    Words behind come first: an adjective or a verb is about them. White space becomes one blank; quotation marks
    are removed.
    """
    start, end = whole_words(text, start, end)
    missing = MIN_STORY_WORDS - len(content_words(text[start:end]))
    if missing > 0:
        start, end = _widened(text, start, end, max(low, start - _REACH), min(high, end + _REACH))
    return " ".join(text[start:end].translate(_QUOTES).split())


def content_words(text: str) -> set[str]:
    """Lower-case words of three letters or more that are no function words."""
    return {word for match in _LONG.finditer(text) if (word := match.group().lower()) not in STOP_WORDS}


def _widened(text: str, start: int, end: int, low: int, high: int) -> tuple[int, int]:
    """[start, end) with the fewest words behind, before or on both sides that give MIN_STORY_WORDS.

    Steps over a mark or a conjunction only if nothing else is left.
    """
    places = _wider_places(text, start, end, low, high)
    return next(((a, b) for a, b in places if len(content_words(text[a:b])) >= MIN_STORY_WORDS), (start, end))


def _wider_places(text: str, start: int, end: int, low: int, high: int) -> Iterator[tuple[int, int]]:
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
