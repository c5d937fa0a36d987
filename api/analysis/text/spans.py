"""Places in the text as spans of the contract: offsets, quote, prefix, suffix."""

from schemas.spans import Span

MAX_QUOTE = 300  # characters; a longer passage becomes several spans
CONTEXT = 32  # characters of prefix and suffix, to locate the quote in a page (W3C TextQuoteSelector)


def span(text: str, start: int, end: int) -> Span:
    """Characters [start, end) of `text` as one span. Raises ValueError if empty, outside the text or over 300."""
    if not 0 <= start < end <= len(text) or end - start > MAX_QUOTE:
        raise ValueError(f"not a span of a text of {len(text)} characters: [{start}, {end})")
    return Span(
        start=start,
        end=end,
        quote=text[start:end],
        prefix=text[max(0, start - CONTEXT) : start],
        suffix=text[end : end + CONTEXT],
    )


def spans(text: str, start: int, end: int) -> list[Span]:
    """Characters [start, end) as spans of at most 300, cut after white space if possible.

    White space at the ends is left out; only white space gives []. Raises ValueError outside the text.
    """
    if not 0 <= start <= end <= len(text):
        raise ValueError(f"not a passage of a text of {len(text)} characters: [{start}, {end})")
    found: list[Span] = []
    while (part := _trimmed(text, start, end)) is not None:
        start, end = part
        cut = end if end - start <= MAX_QUOTE else _cut(text, start)
        piece = _trimmed(text, start, cut) or (start, cut)
        found.append(span(text, *piece))
        start = cut
    return found


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None


def _cut(text: str, start: int) -> int:
    """The cut of a passage that is too long: after the last white space in reach, or at the limit."""
    limit = start + MAX_QUOTE
    return next((at + 1 for at in range(limit - 1, start, -1) if text[at].isspace()), limit)
