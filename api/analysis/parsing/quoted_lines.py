"""Lines of an opponent whom a text answers one by one: paragraphs that open with a quotation and name nobody.

"Castor has sent us a leaflet. ... “Dust will stay within limits.” There are none." Such lines are those of the
only person, else the only body, whom the text names before the first of them. So are the first sentences of
numbered paragraphs behind "Here are his four points".

In a news story that does not say "we" or "I" such lines have speakers of their own.

Limits: a text that answers two opponents charges nobody.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from api.analysis.parsing.speakers import Speakers
from api.analysis.text.document import DOCUMENT_VOICE, UNNAMED_VOICE, Document, Sentence
from api.analysis.text.names import same_party
from schemas.enums import SourceType

_FEWEST = 2  # lines
_LINE = re.compile(r"(?:[A-Z][^.:“\"'‘\n]{2,40}: )?[“\"'‘](?=\S)")  # "Castor says: “...”"
_FIRST_PERSON = frozenset({"we", "i", "our", "my", "us"})
_STRAIGHT = re.compile(r"'[^'\n]{8,300}(?:'\w[^'\n]{0,300}){0,8}[.!?]'(?!\w)")
_POINTS = re.compile(
    r"\b(?:his|her|its|their) (?:\w+ ){0,2}(?:points|claims|arguments|charges|reasons|objections)\b"
)
_NUMBER = re.compile(r"\d{1,2}[.)]$")


def quoted_lines(
    document: Document, speakers: Speakers, is_free: Callable[[Sentence], bool]
) -> Iterator[tuple[Sentence, str]]:
    """Each such line with whose it is."""
    lines = [*_quoted(document), *_numbered(document, is_free)]
    if len(lines) < _FEWEST or not _answers(document):
        return
    party = _party(document, speakers, min(line.start for line in lines))
    if party is None:
        return
    for line in lines:
        if line.voice == UNNAMED_VOICE or is_free(line):
            yield line, party


def _answers(document: Document) -> bool:
    """Whether the text is a party's, or says "we" or "I" itself."""
    if document.article.source.type is not SourceType.MEDIA:
        return True
    own = (s for s in document.body_sentences() if s.voice == DOCUMENT_VOICE)
    return any(t.lower_ in _FIRST_PERSON for s in own for t in document.tokens(s))


def _quoted(document: Document) -> list[Sentence]:
    """The sentences that open a paragraph with a whole quotation."""
    found = []
    for sentence in _openings(document):
        if (line := _LINE.match(sentence.text)) is None:
            continue
        at = sentence.start + line.end()
        quoted = document.quotation_at(at, at + 1)
        whole = quoted is not None and quoted.statement and document.text[quoted.end - 1] in ".!?"
        straight = sentence.voice == DOCUMENT_VOICE and _STRAIGHT.match(document.text, at - 1)
        if whole or straight:
            found.append(sentence)
    return found


def _numbered(document: Document, is_free: Callable[[Sentence], bool]) -> list[Sentence]:
    """The first sentences of numbered paragraphs, if the text says that it answers somebody's points."""
    numbers = [s for s in _openings(document) if _NUMBER.match(s.text)]
    if not numbers or _POINTS.search(document.text, document.article.body_start, numbers[0].start) is None:
        return []
    behind = [document.sentences[s.index + 1] for s in numbers if s.index + 1 < len(document.sentences)]
    return list(filter(is_free, behind))


def _openings(document: Document) -> Iterator[Sentence]:
    """The first sentences of the body's paragraphs."""
    return (s for s in document.body_sentences() if "\n" in document.text[max(s.start - 2, 0) : s.start])


def _party(document: Document, speakers: Speakers, before: int) -> str | None:
    """The only person, else the only body, named before that place, in the title only if there is no other."""
    own = document.article.source.name
    for start, end in ((document.article.body_start, before), (0, before)):
        for people in (True, False):
            names = [n for n in speakers.named(start, end, people=people) if not same_party(n, own)]
            if len(distinct := _distinct(names)) == 1:
                return distinct[0]
            if distinct:
                break
    return None


def _distinct(names: Sequence[str]) -> list[str]:
    """The names without those that are part of another."""
    return [
        name
        for at, name in enumerate(names)
        if not any(name in other and (name != other or number < at) for number, other in enumerate(names))
    ]
