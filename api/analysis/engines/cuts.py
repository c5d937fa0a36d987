"""An article without some of its passages: the shorter record, and places mapped from one text to the other."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import msgspec

from api.analysis.text.article import Article
from api.analysis.text.rulings import Ruling
from api.analysis.text.spans import spans
from schemas.assessments import Assessment
from schemas.spans import Range, Span

Cuts = Sequence[tuple[int, int]]  # removed (start, end) of the whole text, in its order


def shortened(article: Article, cuts: Cuts) -> Article:
    """The article without these passages."""
    text, body_start = article.text, article.body_start
    rest = "".join(text[low:high] for low, high in _segments(cuts, len(text)))
    start = shorter_offset(body_start, cuts)
    title = rest[:start].rstrip() if body_start else article.title
    return msgspec.structs.replace(article, text=rest, body_start=start, title=title)


def rulings_for(rulings: Sequence[Ruling], whole: Article, shorter: Article, cuts: Cuts) -> list[Ruling]:
    """The rulings on the whole text, with their places in the shorter one."""
    whole_digest, shorter_digest = whole.text_sha256, shorter.text_sha256
    return [
        msgspec.structs.replace(
            r,
            text_sha256=shorter_digest,
            start=shorter_offset(r.start, cuts),
            end=shorter_offset(r.end, cuts),
        )
        for r in rulings
        if r.text_sha256 == whole_digest
    ]


def on_whole_text(assessment: Assessment, text: str, cuts: Cuts) -> Assessment:
    """The assessment of the shorter text with every place mapped to the whole `text`.

    A passage around a cut becomes one before and one after it.
    """
    segments = _segments(cuts, len(text))
    moved = _moved(msgspec.to_builtins(assessment), text, segments)
    return msgspec.convert(moved, Assessment)


def with_space(text: str, low: int, high: int) -> tuple[int, int]:
    """A sentence that ends a paragraph takes the space before it, any other the space after it."""
    before, after = low, high
    while before > 0 and text[before - 1].isspace():
        before -= 1
    while after < len(text) and text[after].isspace():
        after += 1
    opens = before == 0 or "\n" in text[before:low]
    closes = after == len(text) or "\n" in text[high:after]
    return (before, high) if after == len(text) or (closes and not opens) else (low, after)


def _segments(cuts: Cuts, length: int) -> list[tuple[int, int]]:
    edges = [0, *(edge for cut in cuts for edge in cut), length]
    return [(low, max(low, high)) for low, high in list(pairwise(edges))[::2]]


def shorter_offset(offset: int, cuts: Cuts) -> int:
    """The offset in the shorter text."""
    return offset - sum(max(0, min(offset, high) - low) for low, high in cuts)


def _places(start: int, end: int, segments: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The passages of the whole text that form [start, end) of the shorter one."""
    found: list[tuple[int, int]] = []
    offset = 0
    for low, high in segments:
        first, last = max(start - offset, 0), min(end - offset, high - low)
        if first < last:
            if found and found[-1][1] == low + first:
                found[-1] = (found[-1][0], low + last)
            else:
                found.append((low + first, low + last))
        offset += high - low
    return found


_SPAN, _RANGE = frozenset(Span.__struct_fields__), frozenset(Range.__struct_fields__)


def _moved(value: Any, text: str, segments: list[tuple[int, int]]) -> Any:
    if isinstance(value, dict):
        return {name: _moved(part, text, segments) for name, part in value.items()}
    if not isinstance(value, list):
        return value
    moved: list[Any] = []
    for item in value:
        if isinstance(item, dict) and item.keys() == _SPAN:
            for start, end in _places(item["start"], item["end"], segments):
                moved += [msgspec.to_builtins(span) for span in spans(text, start, end)]
        elif isinstance(item, dict) and item.keys() == _RANGE:
            moved += [{"start": s, "end": e} for s, e in _places(item["start"], item["end"], segments)]
        else:
            moved.append(_moved(item, text, segments))
    return moved
