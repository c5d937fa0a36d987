"""Third-party text without dangerous characters, and codes as words."""

import unicodedata

# Control, formatting and private characters, line and paragraph separators: they can reorder or hide text.
_DANGEROUS_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def plain(text: str) -> str:
    """`text` in one line, without control, formatting and private characters."""
    if text.isprintable():  # fast path: nothing to remove
        return " ".join(text.split())
    safe = (" " if c.isspace() else c for c in text if c.isspace() or _harmless(c))
    return " ".join("".join(safe).split())


def words_of(code: str) -> str:
    """A code as words: `press_release` → `press release`."""
    return code.replace("_", " ")


def _harmless(character: str) -> bool:
    return unicodedata.category(character) not in _DANGEROUS_CATEGORIES
