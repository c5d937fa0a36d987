"""Forms of a name, which differ at their end: "Kęska", "Kęski"; "Rautapuro", "Rautapuron"; "Bělá", "Bělé"."""

import re
from typing import Final

SHARED: Final = 3  # letters that all forms of a name share
_STEM: Final = 4  # the same where endings are long, unless these are vowels behind at most one consonant
_LONG_ENDINGS: Final = 4
_VOWELS: Final = re.compile("[hzkcgrřsšž]?[aáąeéęěiíoóuúůyý]{0,2}")


def is_form(name: str, word: str, endings: int) -> bool:
    """Whether two words in one case are forms of one name: they differ by an ending of so many letters."""
    shorter, longer = sorted((name, word), key=len)
    if longer.startswith(shorter):
        return longer == shorter or (len(shorter) >= SHARED and len(longer) - len(shorter) <= endings)
    if endings < _LONG_ENDINGS:
        return False
    shared = next(at for at, (a, b) in enumerate(zip(name, word, strict=False)) if a != b)
    if shared < _STEM:
        return shared == SHARED and all(_VOWELS.fullmatch(form, shared) for form in (name, word))
    return len(longer) - shared <= endings
