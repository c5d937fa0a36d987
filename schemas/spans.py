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

    `quote` is `text[start:end]`, at most 300 characters; `prefix` and `suffix` are the up to 32 characters
    before and after it. All three are null where the story's quote budget is used up.
    """

    start: Offset
    end: Offset
    quote: Annotated[str, Meta(max_length=300)] | None
    prefix: Annotated[str, Meta(max_length=32)] | None
    suffix: Annotated[str, Meta(max_length=32)] | None
