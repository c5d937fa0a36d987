"""Removal of control characters from titles and names."""

from typing import Final

# C0, DEL and C1 except white space.
_CONTROLS: Final = {code: None for code in (*range(0x20), *range(0x7F, 0xA0)) if not chr(code).isspace()}


def one_line(text: str) -> str:
    """The text in one line, with single spaces and without control characters."""
    return " ".join(text.translate(_CONTROLS).split())
