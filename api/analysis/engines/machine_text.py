"""Finds and reports text addressed to machines, and removes it before the judgement.

It is never an instruction, or a page could write its own verdict. Its sentences are cut out, the remaining
story is judged, and every place in the shorter text is mapped back to the whole one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import msgspec

from api.analysis.framing.detectors.addressed_to_scorer import DETECTOR
from api.analysis.framing.evidence import MAX_HITS
from api.analysis.text.article import Article
from api.analysis.text.document import Text
from api.analysis.text.rulings import Ruling
from api.analysis.text.spans import spans
from schemas.assessments import Assessment, Finding
from schemas.spans import Range, Span


@dataclass(frozen=True)
class StoryText:
    """An article without text addressed to machines.

    `cuts` are the removed (start, end), `addressed` the places of the words addressed to machines, both in the
    whole text.
    """

    article: Article
    cuts: list[tuple[int, int]]
    addressed: list[tuple[int, int]]


def story_text(document: Text) -> StoryText:
    """The story of a document; the document's own article if nothing addresses machines."""
    addressed = [(hit.start, hit.end) for hit in DETECTOR.find(document)]
    if not addressed:
        return StoryText(document.article, [], [])
    cuts = _cuts(document, addressed)
    text, body_start = document.text, document.article.body_start
    rest = "".join(text[low:high] for low, high in _segments(cuts, len(text)))
    start = _shorter_offset(body_start, cuts)
    title = rest[:start].rstrip() if body_start else document.article.title
    shorter = msgspec.structs.replace(document.article, text=rest, body_start=start, title=title)
    return StoryText(shorter, cuts, addressed)


def addressed_findings(document: Text, places: list[tuple[int, int]]) -> list[Finding]:
    """The first findings of text addressed to machines, as many as of any detector; their ids are empty."""
    return [
        Finding(
            id="",
            rule=DETECTOR.code,
            label=DETECTOR.label,
            explanation=DETECTOR.explanation.replace("{words}", " ".join(document.text[start:end].split())),
            type=None,
            tactic=None,
            voice=document.voice_at(start, end),
            points=0,
            spans=spans(document.text, start, end),
        )
        for start, end in places[:MAX_HITS]
    ]


def rulings_for(rulings: Sequence[Ruling], whole: Article, story: StoryText) -> list[Ruling]:
    """The rulings on the whole text, with their places in the story's."""
    whole_digest, story_digest = whole.text_sha256, story.article.text_sha256
    return [
        msgspec.structs.replace(
            r,
            text_sha256=story_digest,
            start=_shorter_offset(r.start, story.cuts),
            end=_shorter_offset(r.end, story.cuts),
        )
        for r in rulings
        if r.text_sha256 == whole_digest
    ]


def on_whole_text(assessment: Assessment, text: str, cuts: list[tuple[int, int]]) -> Assessment:
    """The assessment of the story with every place mapped to the whole `text`.

    A passage around a cut becomes one before and one after it.
    """
    segments = _segments(cuts, len(text))
    moved = _moved(msgspec.to_builtins(assessment), text, segments)
    return msgspec.convert(moved, Assessment)


def _cuts(document: Text, addressed: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The sentences around the places, each with the white space on one side."""
    cuts: list[tuple[int, int]] = []
    for start, end in addressed:
        first, last = document.sentence_at(start), document.sentence_at(end - 1)
        low, high = first.start, max(last.end, end)
        if cuts and low < cuts[-1][1]:
            continue
        cuts.append(_with_space(document.text, low, high))
    return cuts


def _with_space(text: str, low: int, high: int) -> tuple[int, int]:
    """A sentence that ends a paragraph takes the space before it, any other the space after it."""
    before, after = low, high
    while before > 0 and text[before - 1].isspace():
        before -= 1
    while after < len(text) and text[after].isspace():
        after += 1
    opens = before == 0 or "\n" in text[before:low]
    closes = after == len(text) or "\n" in text[high:after]
    return (before, high) if after == len(text) or (closes and not opens) else (low, after)


def _segments(cuts: list[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    edges = [0, *(edge for cut in cuts for edge in cut), length]
    return [(low, max(low, high)) for low, high in list(pairwise(edges))[::2]]


def _shorter_offset(offset: int, cuts: list[tuple[int, int]]) -> int:
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
