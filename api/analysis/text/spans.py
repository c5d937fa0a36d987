"""Places in the text as the contract wants them: offsets, the words there, and the words around."""

from schemas.spans import Span

MAX_QUOTE = 300  # a quotation, not a copy of the story: a longer passage is several spans
CONTEXT = 32  # characters of prefix and suffix, which find the quote in a page (W3C TextQuoteSelector)


def span(text: str, start: int, end: int) -> Span:
    """Characters [start, end) of `text` as one span. Raises ValueError if empty, outside or over 300."""
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
    """Characters [start, end) as spans of at most 300, cut after white space where there is any.

    White space at either end of the passage is left out; a passage of nothing else gives [].
    Raises ValueError if the passage is not within the text.
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
    """Where a passage that is too long is cut: behind the last white space in reach, or at the limit."""
    limit = start + MAX_QUOTE
    return next((at + 1 for at in range(limit - 1, start, -1) if text[at].isspace()), limit)
