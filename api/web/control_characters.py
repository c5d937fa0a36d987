"""Characters of titles and names that a terminal or a file obeys."""

from typing import Final

# C0, DEL and C1 but for what is white space.
_CONTROLS: Final = {code: None for code in (*range(0x20), *range(0x7F, 0xA0)) if not chr(code).isspace()}


def one_line(text: str) -> str:
    """A title or name as one line: white space as single spaces, without control characters."""
    return " ".join(text.translate(_CONTROLS).split())
