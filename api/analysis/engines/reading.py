"""Parses an article into a `Document`: sentences, quotations, voices, hedges, negation, numbers.

Sentences are cut first (`sentences.py`), then parsed (`parsing.py`); the parser cannot move a boundary. Linear
in the text, of which only the first 60,000 characters are read (`MAX_CHARACTERS` in `text/article.py`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING

from api.analysis.models.encoded_document import EncodedDocument
from api.analysis.parsing.blocks import blocks
from api.analysis.parsing.interviews import interview
from api.analysis.parsing.introductions import introduced
from api.analysis.parsing.parsing import parse
from api.analysis.parsing.quotations import quotations_in, with_speakers
from api.analysis.parsing.speakers import STATEMENT_VERBS, Speakers
from api.analysis.parsing.turns import turns, with_turns
from api.analysis.text.article import MAX_CHARACTERS, Article
from api.analysis.text.document import DOCUMENT_VOICE, Quotation, Sentence
from api.analysis.text.passages import HEDGES, NEGATIONS, numbers_in, role_at, voice_of_passage
from api.analysis.text.sentences import paragraphs, sentence_bounds

if TYPE_CHECKING:
    from spacy.tokens import Span as Tokens

_HEDGE_MODALS = frozenset({"may", "might", "could"})


def read(article: Article) -> EncodedDocument:
    """Parse one article. Never raises on any text; an empty one gives a document without sentences."""
    text = article.text[:MAX_CHARACTERS]
    body_start = min(article.body_start, len(text))
    bounds, was_split = sentence_bounds(text, body_start)
    doc, places = parse(text, bounds)
    paragraphs_of = paragraphs(text, body_start)
    quoted = quotations_in(text, paragraphs_of)
    speakers = Speakers(doc, body_start, quoted, paragraphs_of)
    sentence_starts = [p[0] for p in places]

    def introduces(start: int, end: int) -> str | None:
        _, _, opening, _ = places[max(bisect_right(sentence_starts, start) - 1, 0)]
        _, _, first, last = places[max(bisect_right(sentence_starts, end - 1) - 1, 0)]
        return introduced(doc, opening, first, last, speakers)

    people = frozenset(e.text for e in doc.ents if e.label_ == "PERSON")
    spoken = (f(text, paragraphs_of, body_start, people) for f in (turns, interview))
    unmarked = [
        *max(spoken, key=lambda found: sum(q.end - q.start for q in found)),
        *blocks(text, paragraphs_of, body_start, introduces),
    ]
    marked = with_speakers(text, doc, quoted, places, speakers)
    quotations = with_turns(text, marked, sorted(unmarked, key=lambda q: q.start))
    starts = [q.start for q in quotations]
    sentences: list[Sentence] = []
    first_of_body = bisect_left(sentence_starts, body_start)
    for index, (start, end, first, last) in enumerate(places):
        tokens = doc[first:last]
        voice, partly = voice_of_passage(quotations, starts, start, end)
        attributed = _attributed_to(tokens, quotations, starts, speakers) if voice == DOCUMENT_VOICE else None
        sentences.append(
            Sentence(
                index=index,
                start=start,
                end=end,
                text=text[start:end],
                role=role_at(index - first_of_body),
                voice=voice,
                attributed_to=attributed or partly,
                negated=_negated(tokens),
                hedges=tuple(_hedges(tokens)),
                numbers=tuple(numbers_in(text, start, end)),
                first=first,
                last=last,
            )
        )
    return EncodedDocument(
        article=article,
        doc=doc,
        sentences=tuple(sentences),
        quotations=tuple(quotations),
        was_split=was_split,
        _starts=[s.start for s in sentences],
    )


def _attributed_to(
    tokens: Tokens, quotations: Sequence[Quotation], starts: list[int], speakers: Speakers
) -> str | None:
    """The source that the sentence reports in the document's own words."""
    for _, source in speakers.according_to(tokens):
        return source
    for token in tokens:
        if (
            token.pos_ != "VERB"
            or token.lemma_ not in STATEMENT_VERBS
            or token.dep_ not in ("ROOT", "ccomp", "conj", "parataxis", "advcl")
        ):
            continue
        at = bisect_right(starts, token.idx) - 1
        if at >= 0 and token.idx < quotations[at].end:
            continue
        reports = any(c.dep_ in ("ccomp", "parataxis", "xcomp") for c in token.children)
        if (reports or token.dep_ == "parataxis") and (name := speakers.of_verb(token)):
            return name
    return None


def _negated(tokens: Tokens) -> bool:
    """Whether the main clause, or a clause that it reports, is negated."""
    main = {t.i for t in tokens if t.dep_ == "ROOT"}
    main |= {t.i for t in tokens if t.dep_ in ("ccomp", "xcomp", "conj") and t.head.i in main}
    return any(
        token.lower_ in NEGATIONS
        and (token.head.i in main or (token.head.head.i in main and token.dep_ in ("det", "neg", "advmod")))
        for token in tokens
    )


def _hedges(tokens: Tokens) -> list[tuple[int, int]]:
    return [
        (token.idx, token.idx + len(token.text))
        for token in tokens
        if token.lower_ in HEDGES or (token.tag_ == "MD" and token.lower_ in _HEDGE_MODALS)
    ]
