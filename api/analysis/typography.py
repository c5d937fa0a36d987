"""What readers of a text do not see: what two readings of a page may differ in, and characters that steer."""

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
# Terminals and files obey them: C0, DEL and C1 but for what is white space.
_CONTROLS: Final = {code: None for code in (*range(0x20), *range(0x7F, 0xA0)) if not chr(code).isspace()}
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_DASHES = re.compile(r"-{2,}")


def one_line(text: str) -> str:
    """A title or name as one line: white space as single spaces, without control characters."""
    return " ".join(text.translate(_CONTROLS).split())


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
