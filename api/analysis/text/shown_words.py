"""Words of a text for display: whole, and never only the second half of a contraction.

They may extend beyond the span of a rule. They depend on characters alone, so both engines show the same.
"""

import re

from api.analysis.text.stop_words import STOP_WORDS

MIN_STORY_WORDS = 2  # content words to show
_REACH = 70  # characters searched on either side
_LONG = re.compile(r"[^\W_]{3,}")
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


def shown(words: str) -> str:
    """The words on one line without quotation marks."""
    return " ".join(words.translate(_QUOTES).split())


def content_words(text: str) -> set[str]:
    """Lower-case words of three letters or more that are no function words."""
    return {word for match in _LONG.finditer(text) if (word := match.group().lower()) not in STOP_WORDS}
