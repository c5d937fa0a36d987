"""The passages of a verdict: all its spans, also counted in UTF-16."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from schemas.passages import Passage, Passages
from schemas.spans import Span
from schemas.verdicts import Verdict


def build_passages(verdict: Verdict, characters: int, long: Sequence[int]) -> Passages:
    """The passages of a served verdict.

    `characters` is the length of the text; `long` are the sorted places of characters with two UTF-16 units.
    """

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
        characters=characters,
        utf16_length=utf16(characters),
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
