"""Text that speaks to machines is found, reported, and otherwise not read.

It is never an instruction, because a page could then write its own verdict. The sentences in which it stands
are cut out, and the story is read and judged as if they had never been there. Every place found in the shorter
text is then moved to where it stands in the whole one.
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
    """An article without what is said to machines. `cuts` are the (start, end) of the whole text left out.

    `addressed` are the places of the words that speak to machines, in the whole text.
    """

    article: Article
    cuts: list[tuple[int, int]]
    addressed: list[tuple[int, int]]


def story_text(document: Text) -> StoryText:
    """The story of a document; the document's own article where nothing speaks to machines."""
    addressed = [(hit.start, hit.end) for hit in DETECTOR.find(document)]
    if not addressed:
        return StoryText(document.article, [], [])
    cuts = _cuts(document, addressed)
    text, body_start = document.text, document.article.body_start
    rest = "".join(text[low:high] for low, high in _kept(cuts, len(text)))
    start = _shortened(body_start, cuts)
    title = rest[:start].rstrip() if body_start else document.article.title
    shorter = msgspec.structs.replace(document.article, text=rest, body_start=start, title=title)
    return StoryText(shorter, cuts, addressed)


def addressed_findings(document: Text, places: list[tuple[int, int]]) -> list[Finding]:
    """The first findings of what is said to machines, as many as of any detector; their ids are still empty."""
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
    real, given = whole.text_sha256, story.article.text_sha256
    return [
        msgspec.structs.replace(
            r,
            text_sha256=given,
            start=_shortened(r.start, story.cuts),
            end=_shortened(r.end, story.cuts),
        )
        for r in rulings
        if r.text_sha256 == real
    ]


def on_whole_text(assessment: Assessment, text: str, cuts: list[tuple[int, int]]) -> Assessment:
    """The assessment of the story with every place where it stands in the whole `text`.

    A passage from which something was cut becomes a passage before and one behind the cut.
    """
    kept = _kept(cuts, len(text))
    moved = _moved(msgspec.to_builtins(assessment), text, kept)
    return msgspec.convert(moved, Assessment)


def _cuts(document: Text, addressed: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The sentences around the places, each with the white space on one side of it."""
    cuts: list[tuple[int, int]] = []
    for start, end in addressed:
        first, last = document.sentence_at(start), document.sentence_at(end - 1)
        low, high = first.start, max(last.end, end)
        if cuts and low < cuts[-1][1]:
            continue
        cuts.append(_with_space(document.text, low, high))
    return cuts


def _with_space(text: str, low: int, high: int) -> tuple[int, int]:
    """A sentence that closes a paragraph goes with the space before it, any other with the space behind it."""
    before, behind = low, high
    while before > 0 and text[before - 1].isspace():
        before -= 1
    while behind < len(text) and text[behind].isspace():
        behind += 1
    opens = before == 0 or "\n" in text[before:low]
    closes = behind == len(text) or "\n" in text[high:behind]
    return (before, high) if behind == len(text) or (closes and not opens) else (low, behind)


def _kept(cuts: list[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    edges = [0, *(edge for cut in cuts for edge in cut), length]
    return [(low, max(low, high)) for low, high in list(pairwise(edges))[::2]]


def _shortened(offset: int, cuts: list[tuple[int, int]]) -> int:
    """Where an offset of the whole text is in the shorter one."""
    return offset - sum(max(0, min(offset, high) - low) for low, high in cuts)


def _places(start: int, end: int, kept: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The passages of the whole text that are [start, end) of the shorter one."""
    found: list[tuple[int, int]] = []
    reached = 0
    for low, high in kept:
        first, last = max(start - reached, 0), min(end - reached, high - low)
        if first < last:
            if found and found[-1][1] == low + first:
                found[-1] = (found[-1][0], low + last)
            else:
                found.append((low + first, low + last))
        reached += high - low
    return found


_SPAN, _RANGE = frozenset(Span.__struct_fields__), frozenset(Range.__struct_fields__)


def _moved(value: Any, text: str, kept: list[tuple[int, int]]) -> Any:
    if isinstance(value, dict):
        return {name: _moved(part, text, kept) for name, part in value.items()}
    if not isinstance(value, list):
        return value
    moved: list[Any] = []
    for item in value:
        if isinstance(item, dict) and item.keys() == _SPAN:
            for start, end in _places(item["start"], item["end"], kept):
                moved += [msgspec.to_builtins(span) for span in spans(text, start, end)]
        elif isinstance(item, dict) and item.keys() == _RANGE:
            moved += [{"start": s, "end": e} for s, e in _places(item["start"], item["end"], kept)]
        else:
            moved.append(_moved(item, text, kept))
    return moved
