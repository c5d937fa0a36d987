"""Patterns for LIKE and ILIKE with escaped wildcards."""

from typing import Final

_ESCAPES: Final = str.maketrans({wildcard: f"\\{wildcard}" for wildcard in "\\%_"})


def containing(text: str) -> str:
    """The pattern of texts that contain `text`."""
    return f"%{text.translate(_ESCAPES)}%"
