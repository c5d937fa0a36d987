"""Where the words of a verdict stand in the text, in both ways of counting: for programs that show the page."""

from typing import Literal

from msgspec import Struct

from schemas.spans import Offset, Span


class Passage(Span, kw_only=True, frozen=True):
    """A span of the verdict, and the part of the verdict that it belongs to.

    `pointer` leads to it in the verdict's JSON (RFC 6901), such as `/findings/0/spans/0`. `utf16_start` and
    `utf16_end` count UTF-16 code units, as strings of JavaScript, Java and C# do; `start` and `end` code points.
    """

    pointer: str
    utf16_start: Offset
    utf16_end: Offset


class Passages(Struct, kw_only=True, frozen=True):
    """Every span of one version of a verdict, in the order of the text.

    The offsets count in the analysed text: title, blank line, body. A page shows it with other things around, so
    look there for `quote` between `prefix` and `suffix` (W3C TextQuoteSelector) and take offsets as a hint.
    """

    object: Literal["passages"] = "passages"
    verdict_id: str
    story_id: str
    version: int
    text_sha256: str
    characters: int
    utf16_length: int
    data: list[Passage]
