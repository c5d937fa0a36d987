"""Words as the text of an XML element or attribute."""

from typing import Final

from api.rendering.plain_text import plain

_ESCAPES: Final = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;", "\ufffe": None, "\uffff": None}
)


def xml_text(text: str) -> str:
    """In one line, escaped, and without what no XML may hold: `plain` takes control characters and surrogates
    away, this the two code points that are no characters.
    """
    return escaped(plain(text))


def escaped(text: str) -> str:
    """The same of what is ours, such as an address: it holds nothing that would have to be taken away."""
    return text.translate(_ESCAPES)
