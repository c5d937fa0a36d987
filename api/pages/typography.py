"""What two readings of a page may differ in without that a reader would notice."""

import re
import unicodedata
from typing import Final

# Quotation marks, apostrophes and primes; dashes and minus signs that stand for each other in print.
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

    That is white space, the form of quotation marks, apostrophes, dashes and ellipses, invisible characters, and
    characters that Unicode holds for the same (ligatures, full-width letters). A letter's case, a comma and a
    number are words to a reader.
    """
    return first == second or _plain(first) == _plain(second)


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).translate(_FORMS)
    return " ".join(_DASHES.sub("-", text).split())
