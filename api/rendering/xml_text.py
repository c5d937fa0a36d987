"""Text of XML elements and attributes."""

from typing import Final

from api.rendering.plain_text import plain

_ESCAPES: Final = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;", "\ufffe": None, "\uffff": None}
)


def xml_text(text: str) -> str:
    """In one line, escaped, without characters invalid in XML: `plain` removes control characters and surrogates,
    this function the two noncharacters.
    """
    return escaped(plain(text))


def escaped(text: str) -> str:
    """Escape our own text, such as an address, which has no invalid characters."""
    return text.translate(_ESCAPES)
