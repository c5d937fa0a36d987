"""Whether "a" or "an" stands before a word, by its sound.

Limits: letters stand for sounds; up to three capitals are spelled out, more are read as a word.
"""

import re
from typing import Final

_VOWELS: Final = "aeiou"
_SPELLED_WITH_VOWEL: Final = "AEFHILMNORSX"  # letters whose names begin with a vowel
_MAX_SPELLED: Final = 3
_AN = re.compile(r"(?:x-|hours?|hourly|heirs?|heiress|honest|honou?r)", re.IGNORECASE)
_CONSONANT = re.compile(
    r"(?:eu|ewe|one(?![a-z])|once|u(?:biq|nanim|nesco|ni(?:corn|form|f[iy]|lat|on|que|sex|son|t|v)|ganda|k|r[aeiou]|s[aeu]|t[eio]))",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"8|1[18](?!\d)(?:[.,]|$)")


def indefinite_article(word: str) -> str:
    """ "a" or "an"; "a" for a word without letters and figures."""
    if word[:1].isdigit():
        return "an" if _FIGURE.match(word) else "a"
    letters = word.replace(".", "")
    if letters.isupper() and letters.isalpha() and len(letters) <= _MAX_SPELLED:
        return "an" if letters[0] in _SPELLED_WITH_VOWEL else "a"
    if _AN.match(word):
        return "an"
    return "an" if word[:1].lower() in _VOWELS and word and not _CONSONANT.match(word) else "a"
