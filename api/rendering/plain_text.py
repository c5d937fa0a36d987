"""Words of strangers in one line, and codes of the method as words."""

import unicodedata

# Control and formatting characters, private ones, line and paragraph separators: what reorders, hides or obeys.
_DANGEROUS_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def plain(text: str) -> str:
    """`text` in one line, without control, formatting and private characters."""
    if text.isprintable():  # most texts are: then nothing in them is to be taken away
        return " ".join(text.split())
    kept = (" " if c.isspace() else c for c in text if c.isspace() or _harmless(c))
    return " ".join("".join(kept).split())


def words_of(code: str) -> str:
    """A code of the method for people: `press_release` → `press release`."""
    return code.replace("_", " ")


def _harmless(character: str) -> bool:
    return unicodedata.category(character) not in _DANGEROUS_CATEGORIES
