"""From a verdict to its passages: every span anywhere in it, also counted in UTF-16."""

from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct

from schemas.passages import Passage, Passages
from schemas.spans import Span
from schemas.verdicts import Verdict


def build_passages(verdict: Verdict, text: str) -> Passages:
    """The passages of a verdict as served; `text` is the analysed text, of which nothing more is shown."""
    long = [place for place, character in enumerate(text) if ord(character) > 0xFFFF]

    def utf16(place: int) -> int:
        return place + bisect_left(long, place)

    found = [
        Passage(
            **msgspec.structs.asdict(span),
            pointer=pointer,
            utf16_start=utf16(span.start),
            utf16_end=utf16(span.end),
        )
        for pointer, span in _spans(verdict, "")
    ]
    return Passages(
        verdict_id=verdict.id or "",
        story_id=verdict.story_id or "",
        version=verdict.version or 0,
        text_sha256=verdict.text_sha256,
        characters=len(text),
        utf16_length=utf16(len(text)),
        data=sorted(found, key=lambda passage: (passage.start, passage.end, passage.pointer)),
    )


def _spans(value: Any, pointer: str) -> Iterator[tuple[str, Span]]:
    if isinstance(value, Span):
        yield pointer, value
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from _spans(getattr(value, name), f"{pointer}/{name}")
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from _spans(part, f"{pointer}/{place}")
