"""Compares texts regardless of typography."""

import re
import unicodedata
from typing import Final

# Quotation marks, apostrophes and primes; dashes and minus signs.
_FORMS: Final = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´ʼ", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
    }
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_DASHES = re.compile(r"-{2,}")


def same_wording(first: str, second: str) -> bool:
    """Whether the texts differ in typography alone.

    Typography is white space, the form of quotation marks, apostrophes, dashes and ellipses, invisible
    characters, and Unicode compatibility forms (ligatures, full-width letters). Case, commas and numbers are
    wording.
    """
    return first == second or _normalized(first) == _normalized(second)


def _normalized(text: str) -> str:
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).translate(_FORMS)
    return " ".join(_DASHES.sub("-", text).split())
