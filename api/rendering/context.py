"""A quote between its neighbours, as a reader wants to see it."""

from api.rendering.plain_text import plain
from schemas.spans import Span

CHARACTERS = 24  # of context on each side of a quote; the spans hold up to 32


def in_context(span: Span) -> tuple[str, str, str]:
    """What stands before a span's quote, the quote, and what stands after it.

    Whole words only, and no glimpse of another paragraph. The span has its words.
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
    """Context with the space that parts it from the quote, if the text has one there."""
    text = plain(context)
    edge = context[:1] if left else context[-1:]
    if not text or not edge.isspace():
        return text
    return f" {text}" if left else f"{text} "
