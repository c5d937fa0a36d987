"""Text that speaks to machines is found, reported, and otherwise not read (method, grounding rule 8).

The sentences in which it stands are blanked with spaces, so that every other place keeps its offset; the story
is then read and judged as if they were not there. Places found in the blanked text are taken anew from the
real one, for the words around them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from api.analysis.article import Article
from api.analysis.detectors.addressed_to_scorer import DETECTOR
from api.analysis.document import Document
from api.analysis.reading import read
from api.analysis.rulings import Ruling
from api.analysis.spans import CONTEXT, spans
from schemas.assessments import Finding
from schemas.spans import Span

T = TypeVar("T")


@dataclass(frozen=True)
class StoryText:
    """A document without what is said to machines, and the (start, end) places where that stood."""

    document: Document
    addressed: list[tuple[int, int]]


def story_text(document: Document) -> StoryText:
    """The story of a document. Without such text it is the document itself."""
    places = [(hit.start, hit.end) for hit in DETECTOR.find(document)]
    if not places:
        return StoryText(document, [])
    text = document.text
    characters = list(text)
    for start, end in places:
        first, last = document.sentence_at(start), document.sentence_at(end - 1)
        for at in range(first.start, max(last.end, end)):
            if not characters[at].isspace():
                characters[at] = " "
    blanked = msgspec.structs.replace(document.article, text="".join(characters))
    return StoryText(read(blanked), places)


def addressed_findings(document: Document, places: list[tuple[int, int]]) -> list[Finding]:
    """The findings of what is said to machines; their ids are still empty."""
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
        for start, end in places
    ]


def rulings_for(rulings: Sequence[Ruling], article: Article, blanked: Article) -> list[Ruling]:
    """The rulings on the article's text, addressed to its blanked text."""
    real, given = article.text_sha256, blanked.text_sha256
    return [msgspec.structs.replace(r, text_sha256=given) for r in rulings if r.text_sha256 == real]


def on_text(value: T, text: str) -> T:
    """The same struct with every span's surroundings taken from `text`."""
    plain = _anew(msgspec.to_builtins(value), text)
    return msgspec.convert(plain, type(value))


def _anew(value: object, text: str) -> object:
    if isinstance(value, list):
        return [_anew(item, text) for item in value]
    if isinstance(value, dict):
        if value.keys() == set(Span.__struct_fields__):
            start, end = value["start"], value["end"]
            return {
                "start": start,
                "end": end,
                "quote": text[start:end],
                "prefix": text[max(0, start - CONTEXT) : start],
                "suffix": text[end : end + CONTEXT],
            }
        return {name: _anew(item, text) for name, item in value.items()}
    return value
