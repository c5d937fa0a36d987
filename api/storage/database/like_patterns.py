"""Patterns for LIKE and ILIKE, in which nothing of a client's is a wildcard."""

from typing import Final

_ESCAPES: Final = str.maketrans({wildcard: f"\\{wildcard}" for wildcard in "\\%_"})


def holding(text: str) -> str:
    """The pattern of what holds `text`."""
    return f"%{text.translate(_ESCAPES)}%"
