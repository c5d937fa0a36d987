"""Unicode normalisation form C in bounded time.

Sorting a run of combining marks takes quadratic time: two seconds for 40,000 marks, twenty minutes for a
megabyte. So a U+034F, a joiner without a glyph, is inserted after every thirty marks (Stream-Safe Text Format,
Unicode Standard Annex 15, section 13).
"""

import re
import unicodedata
from typing import Final

MAX_MARKS: Final = 30  # in a row; no script needs more (Annex 15)
_JOINER: Final = "\u034f"
_POSSIBLE_MARKS = re.compile(f"[\u0300-\U0010ffff]{{{MAX_MARKS + 1},}}")  # no mark stands before U+0300


def nfc(text: str) -> str:
    """`text` in form C; equal to `unicodedata` unless more than thirty marks stand in a row."""
    return unicodedata.normalize("NFC", _POSSIBLE_MARKS.sub(_broken, text))


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
