"""Places in the analysed text (code points, as in a W3C TextQuoteSelector with its position)."""

from typing import Annotated

from msgspec import Meta, Struct

Offset = Annotated[int, Meta(ge=0)]


class Range(Struct, kw_only=True, frozen=True):
    """Characters [start, end) of the analysed text, counted in Unicode code points."""

    start: Offset
    end: Offset


class Span(Struct, kw_only=True, frozen=True):
    """Characters [start, end) of the analysed text and the words that stand there.

    `quote` is `text[start:end]`, at most 300 characters; null where half of the story, or 6,000 characters, is
    served already. `prefix` and `suffix` are up to 32 characters before and after it, as many as that leaves room
    for; null where it leaves none.
    """

    start: Offset
    end: Offset
    quote: Annotated[str, Meta(max_length=300)] | None
    prefix: Annotated[str, Meta(max_length=32)] | None
    suffix: Annotated[str, Meta(max_length=32)] | None
