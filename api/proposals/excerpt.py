"""The sentences that later calls read: all of a text of one part, else beginning and cited sentences."""

from collections.abc import Iterable, Iterator
from typing import Final

from api.analysis.text.document import Sentence, Text
from api.proposals.grounded import GroundedJudgement
from api.proposals.numbered_text import MAX_PART, length_of
from schemas.spans import Span

BEGINNING: Final = 2  # the first sentences, which have the news, may take one character in two


def excerpt(document: Text, judgement: GroundedJudgement, limit: int = MAX_PART) -> list[Sentence]:
    """The sentences around all that the judgement cites."""
    return sentences_around(document, _cited(judgement), limit)


def sentences_around(document: Text, cited: Iterable[Span], limit: int = MAX_PART) -> list[Sentence]:
    """Sentences of at most `limit` characters, in text order; the first one may be longer.

    Chosen are the first sentences up to half of the limit, then the cited ones, then further ones from the
    beginning.
    """
    sentences = document.sentences
    beginning, size = 0, 0
    while beginning < len(sentences) and (
        not beginning or size + length_of(sentences[beginning]) <= limit // BEGINNING
    ):
        size += length_of(sentences[beginning])
        beginning += 1
    chosen = dict.fromkeys(range(beginning))
    places = (document.sentence_at(span.start).index for span in cited) if sentences else ()
    for index in (*places, *range(beginning, len(sentences))):
        if index not in chosen and size + length_of(sentences[index]) <= limit:
            size += length_of(sentences[index])
            chosen[index] = None
    return [sentences[index] for index in sorted(chosen)]


def _cited(judgement: GroundedJudgement) -> Iterator[Span]:
    """The places of happening, claims, findings (those with most points first), beneficiaries and terms."""
    yield from () if judgement.happening is None else judgement.happening.spans
    for claim in judgement.claims:
        yield from claim.spans
    for finding in sorted(judgement.findings, key=lambda finding: -finding.points):
        yield from finding.spans
    for beneficiary in judgement.beneficiaries:
        yield from beneficiary.spans
    for term in judgement.loaded_terms:
        yield from term.spans
