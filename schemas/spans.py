"""Positions in the analysed text, in code points (as in a W3C TextPositionSelector)."""

from typing import Annotated

from msgspec import Meta, Struct

Offset = Annotated[int, Meta(ge=0)]


class Range(Struct, kw_only=True, frozen=True):
    """Characters [start, end) of the analysed text, counted in Unicode code points."""

    start: Offset
    end: Offset


class Span(Struct, kw_only=True, frozen=True):
    """Characters [start, end) of the analysed text, with their words.

    `quote` is `text[start:end]`, at most 300 characters; null if half of the story, or 6,000 characters, is
    already quoted. `prefix` and `suffix` are up to 32 characters before and after it, within the same budget;
    null if it is used up.
    """

    start: Offset
    end: Offset
    quote: Annotated[str, Meta(max_length=300)] | None
    prefix: Annotated[str, Meta(max_length=32)] | None
    suffix: Annotated[str, Meta(max_length=32)] | None
