"""Unicode's normal form C in bounded time.

Putting a run of combining marks into canonical order takes time in the square of its length: 40,000 marks take
two seconds, a megabyte of them would take twenty minutes. So runs are broken as the Stream-Safe Text Format has
it (Unicode Standard Annex 15, section 13): after thirty marks a U+034F, a joiner without a glyph, goes in.
"""

import re
import unicodedata
from typing import Final

MAX_MARKS: Final = 30  # in a row; Annex 15: no script needs so many
_JOINER: Final = "\u034f"
_MAY_HOLD_MARKS = re.compile(f"[\u0300-\U0010ffff]{{{MAX_MARKS + 1},}}")  # no mark stands before U+0300


def nfc(text: str) -> str:
    """`text` in normal form C; equal to what `unicodedata` gives unless more than thirty marks stand in a row."""
    return unicodedata.normalize("NFC", _MAY_HOLD_MARKS.sub(_broken, text))


def _broken(run: re.Match[str]) -> str:
    pieces: list[str] = []
    marks = 0
    for character in run.group():
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks > MAX_MARKS:
            pieces.append(_JOINER)
            marks = 1
        pieces.append(character)
    return "".join(pieces)
