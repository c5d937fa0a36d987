"""The news of a story: the sentence that tells what happened (of an argument: its thesis), and its statement.

The statement is the sentence as another would report it: in the third person, without dateline, connective,
ceremony ("is thrilled to announce") or asides. A sentence that cannot be turned safely is quoted instead.

Limits: "we" is turned only where the publisher speaks for itself; a headline is always quoted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from api.analysis.content.key_phrases import core_of
from api.analysis.content.statement import FEWEST_WORDS, LONGEST, Statement
from api.analysis.content.summary import DEPENDENT
from api.analysis.text.boilerplate import is_boilerplate
from api.analysis.text.datelines import DATELINE
from api.analysis.text.document import DOCUMENT_VOICE, Document, Sentence
from schemas.assessments import Happening

LOOKED_AT = 12  # sentences of the body searched for the words of a title that tells the news
RESTATES = 0.5  # share of a title's content words by which a sentence of the body says the same
_BULLET = re.compile(r"[*•·–—-]\s+")
_INNER_MARKS = str.maketrans("“”", "‘’")
_COMPANY = re.compile(r"^the (?:company|firm|startup|start-up) (?=\w+)")


@dataclass(frozen=True, slots=True)
class News:
    """The sentence that tells the news. `statement` has no closing mark and begins as inside a sentence.

    `statement` is None if the sentence can only be quoted; `quote` is its text in one line, without the closing
    mark. `plain` is the statement without loaded modifiers, if it has any;
    `is_whole` says whether the sentence has a finite verb.
    """

    sentence: Sentence
    statement: str | None
    quote: str
    voice: str
    plain: str | None = None
    is_whole: bool = True

    @property
    def is_quotable(self) -> bool:
        """Whether the quotation is short enough, and whole."""
        whole = self.quote.count('"') % 2 == 0 and not (
            self.sentence.role != "title" and self.quote.endswith("?")
        )
        return whole and FEWEST_WORDS <= len(self.quote.split()) <= LONGEST


def news_sentences(document: Document, happening: Happening | None) -> list[Sentence]:
    """The sentence that tells the news, after the fragment that it continues ("Quillon Inc."), if any.

    For a title it is the sentence near the start of the body that restates it, if any. [] if it is unknown.
    """
    if happening is None or not happening.spans:
        return []
    sentence = document.sentence_at(happening.spans[0].start)
    if sentence.role == "title":
        sentence = _restated(document, sentence)
    found = [sentence]
    end = happening.spans[-1].end
    while not document.is_finite(found[-1]) and found[-1].end < end:
        found.append(document.sentences[found[-1].index + 1])
    while (after := _next(document, found[-1])) is not None and _is_cut(found[-1], after):
        found.append(after)
    before = document.sentences[sentence.index - 1] if sentence.index else sentence
    is_part = before.role != "title" and not document.is_finite(before)
    if is_part and (sentence.text.startswith("(") or _is_cut(before, sentence)):
        found.insert(0, before)
    return found


def _next(document: Document, sentence: Sentence) -> Sentence | None:
    at = sentence.index + 1
    return document.sentences[at] if at < len(document.sentences) else None


def _is_cut(sentence: Sentence, after: Sentence) -> bool:
    """Whether a line break parts the sentence from its continuation `after`."""
    if sentence.role == "title" or not after.text[:1].isalnum():
        return False
    return sentence.text.rstrip()[-1:].isalnum() and (after.text[:1].islower() or after.text[:1].isdigit())


def _restated(document: Document, title: Sentence) -> Sentence:
    """The sentence near the start of the body with most of the title's words, else the title."""
    content = frozenset(document.content_words(title))
    best, most = title, max(RESTATES * len(content), 2.0)
    for other in document.sentences[title.index + 1 : title.index + 1 + LOOKED_AT]:
        shared = len(content & frozenset(document.content_words(other)))
        whole = other.role != "title" and document.is_finite(other) and not is_boilerplate(other.text)
        if whole and shared > most and not other.text.rstrip().endswith("?"):
            best, most = other, float(shared)
    return best


def told(
    document: Document,
    sentences: Sequence[Sentence],
    actor: str | None,
    subject: str | None,
) -> News:
    """The news that these sentences tell, of which the last is whole.

    `actor` is the party for which the whole text speaks, `subject` the name of who acts.
    """
    first, last = sentences[0], sentences[-1]
    start = first.start
    for pattern in (DATELINE, _BULLET):
        if (match := pattern.match(document.text, start, last.end)) is not None:
            start = match.end()
    flat = " ".join(document.text[start : last.end].split())
    statement = plain = None
    can_be_told = last.role != "title" or not _is_headline(flat)
    if can_be_told and last.voice == DOCUMENT_VOICE and not flat.endswith("?"):
        statement = Statement(document, first.first, last.last, start, actor).text()
        plain = statement and Statement(document, first.first, last.last, start, actor, plain=True).text()
    if subject:
        statement, plain = (s and _COMPANY.sub(f"{subject} ", s) for s in (statement, plain))
    if len(flat.split()) > LONGEST and statement is None:
        flat = core_of(document, last) or flat
    quote = flat.rstrip(" .:").translate(_INNER_MARKS)
    title, points = document.sentences[0], last.voice == DOCUMENT_VOICE and DEPENDENT.match(flat) is not None
    cannot = statement is None and (points or len(quote.split()) > LONGEST)
    if cannot and title.role == "title" != last.role:
        return told(document, [title], actor, subject)
    return News(
        sentence=last,
        statement=statement,
        quote=quote,
        voice=document.main_voice(last),
        plain=plain if plain != statement else None,
        is_whole=document.is_finite(last),
    )


def _is_headline(title: str) -> bool:
    """Whether the title is set in capitals, or is a label and a text."""
    long = [word for word in title.split()[1:] if len(word) > 3 and word.isalpha()]
    return 2 * sum(word.islower() for word in long) <= len(long) or ": " in title or "|" in title
