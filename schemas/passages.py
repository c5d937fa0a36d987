"""Positions of a verdict's quotes, in code points and UTF-16 units, for programs that show the page."""

from typing import Literal

from msgspec import Struct

from schemas.spans import Offset, Span


class Passage(Span, kw_only=True, frozen=True):
    """A span of the verdict, and the part of the verdict that it belongs to.

    `pointer` is its JSON Pointer (RFC 6901) in the verdict, such as `/findings/0/spans/0`. `utf16_start` and
    `utf16_end` count UTF-16 code units, as JavaScript, Java and C# do; `start` and `end` count code points.
    """

    pointer: str
    utf16_start: Offset
    utf16_end: Offset


class Passages(Struct, kw_only=True, frozen=True):
    """Every span of one version of a verdict, in text order.

    Offsets refer to the analysed text: title, blank line, body. Pages contain other text, so search for `quote`
    between `prefix` and `suffix` (W3C TextQuoteSelector) and use offsets as a hint.
    """

    object: Literal["passages"] = "passages"
    verdict_id: str
    story_id: str
    version: int
    text_sha256: str
    characters: int
    utf16_length: int
    data: list[Passage]
