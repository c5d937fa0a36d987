"""Facts of the score that rest on claims, voices and omissions, as measures: each is a count of a whole."""

from collections.abc import Sequence
from typing import Final

from api.analysis.claims.claims import CentralClaim
from api.analysis.content.absent_items import asked_and_absent
from api.analysis.content.happening import news_sentence
from api.analysis.content.news_choice import happening_kind
from api.analysis.models.encoded_document import EncodedDocument
from api.analysis.text.document import DOCUMENT_VOICE
from api.analysis.text.signals import Measure, merged
from schemas.enums import ClaimSupport

ASSERTED, OWN_VOICE, OMITTED = "asserted_claims", "own_voice", "omitted"
_LABELS: Final = {
    ASSERTED: "Claims only asserted",
    OWN_VOICE: "Own voice",
    OMITTED: "Usual facts missing",
}


def score_facts(document: EncodedDocument, central: Sequence[CentralClaim]) -> list[Measure]:
    """The shares of asserted claims, of sentences in the text's own voice, and of missing items."""
    asserted = [c.sentence for c in central if c.claim.support is ClaimSupport.ASSERTED]
    body = list(document.body_sentences())
    own = [s for s in body if s.voice == DOCUMENT_VOICE and s.attributed_to is None]
    asked, absent = asked_and_absent(document, happening_kind(document), document.stance)
    news = news_sentence(document)
    return [
        _share(ASSERTED, len(asserted), len(central), [(s.start, s.end) for s in asserted]),
        _share(OWN_VOICE, len(own), len(body), merged([(s.start, s.end) for s in own])),
        _share(OMITTED, absent, asked, [(news.start, news.end)] if news else []),
    ]


def _share(code: str, count: int, of: int, places: list[tuple[int, int]]) -> Measure:
    return Measure(code, count / of if of else 0.0, places if count else [], count, of, _LABELS[code])
