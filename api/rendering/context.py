"""A quote with the words around it, for readers."""

from api.rendering.plain_text import plain
from schemas.spans import Span

CHARACTERS = 24  # of context on each side of a quote; spans have up to 32


def in_context(span: Span) -> tuple[str, str, str]:
    """The context before a span's quote, the quote, and the context after it.

    Whole words of the same paragraph. The span must have a quote.
    """
    before, after = (span.prefix or "")[-CHARACTERS:], (span.suffix or "")[:CHARACTERS]
    before = before.rpartition("\n")[2]
    after = after.partition("\n")[0]
    if len(before) == CHARACTERS:
        before = before.partition(" ")[2]
    if len(after) == CHARACTERS:
        after = after.rpartition(" ")[0]
    return _spaced(before, left=False), plain(span.quote or ""), _spaced(after, left=True)


def _spaced(context: str, *, left: bool) -> str:
    """Context with the space between it and the quote, if the text has one."""
    text = plain(context)
    edge = context[:1] if left else context[-1:]
    if not text or not edge.isspace():
        return text
    return f" {text}" if left else f"{text} "
