"""Plain wordings for the loaded words of a verdict, on the places of its spans."""

from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta, Struct

from schemas.enums import Writer
from schemas.spans import Offset, Span


class PlainReason(StrEnum):
    """How words are loaded that a plain wording replaces.

    `intensifier` strengthens ("truly"), `praise` and `fear` value instead of telling, `drama` makes a
    change look larger ("plummeted"), `euphemism` softens, `vague` sounds like something and says nothing to check
    ("meaningful"), `jargon` is the trade's ("leverage"), `emotion` is the author's ("thrilled to announce").
    """

    INTENSIFIER = "intensifier"
    PRAISE = "praise"
    FEAR = "fear"
    DRAMA = "drama"
    EUPHEMISM = "euphemism"
    VAGUE = "vague"
    JARGON = "jargon"
    EMOTION = "emotion"


class Replacement(Span, kw_only=True, frozen=True):
    """A loaded term of the verdict at one place, and what can stand there instead.

    `pointer` is the span's JSON Pointer (RFC 6901) in the verdict. `plain` replaces `quote`; null: leave the
    words out, with the space after them, or without one with the space before. `reason` is that of the longest
    change. `written_by` is `rules` for the lexicon of this service; a language model's wording would have `llm`
    or `recorded`.
    """

    pointer: str
    plain: Annotated[str, Meta(min_length=1, max_length=300)] | None
    reason: PlainReason
    written_by: Writer


class PlainWording(Struct, kw_only=True, frozen=True):
    """The replacements for one version of a verdict, in text order. Each may be used without the others.

    `loaded` is the number of places of loaded terms. Most have no replacement: none is offered that might break
    the sentence, touch a quotation, a name or a number, or say more than the text. `data` is empty if the text is
    not in English, or if the service does not hold it. Offsets refer to the analysed text: title, blank line,
    body.
    """

    object: Literal["plain_wording"] = "plain_wording"
    verdict_id: str
    story_id: str
    version: int
    text_sha256: str
    loaded: Offset
    data: list[Replacement]
