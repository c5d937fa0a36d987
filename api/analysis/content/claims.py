"""The central claims of a text: its most check-worthy sentences, each with kind, support, voice and risk.

Check-worthiness is what the sentence encoder says (`encoder.py`) together with a linear score over features and
words of the sentence (`sentence_features.py`, `linear_models.py`), each against the mean of its own document and
in its standard deviations. Left out are questions, page furniture and
sentences without a finite verb, as long as there are others.

Limits: a claim is a whole sentence as it stands in the text; two claims in one sentence stay one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean, pstdev

import msgspec

from api.analysis.content.claim_hedges import claim_hedges, softens
from api.analysis.content.claim_kinds import Kinds
from api.analysis.content.claim_support import support_of
from api.analysis.content.evidence_strength import evidence_strength
from api.analysis.models.encoded_document import EncodedDocument
from api.analysis.models.encoder import CLAIM
from api.analysis.models.linear_models import CENTRALITY, SUPPORT, LinearModel, words_of
from api.analysis.models.sentence_features import Features, relative
from api.analysis.parsing.speaker_names import can_speak, is_somebody
from api.analysis.text.boilerplate import is_boilerplate
from api.analysis.text.document import DOCUMENT_VOICE, Sentence, Text
from api.analysis.text.spans import spans
from schemas.assessments import Claim, MissingEvidence
from schemas.enums import ClaimRole, ClaimSupport, EvidenceStrength, Risk, Verification

MAX_CLAIMS = 8
FEWEST_CLAIMS = 4  # where the text has so many candidates
WORDS_PER_CLAIM = 100  # one claim more for each so many words of the body
PRIMARY_CLAIMS = 3  # the most central ones; the others support
MIN_TOKENS = 5  # a shorter sentence is a label or an exclamation
MAX_CHARACTERS = 1_000  # a longer one is a run-on list or page furniture
LINEAR_SHARE = 0.5  # of the linear score beside 1 for the encoder
SAME = 0.6  # share of the smaller one's content words in common: the same claim again

_VERIFICATION = {
    ClaimSupport.SHOWN: Verification.SHOWN_IN_SOURCE,
    ClaimSupport.ATTRIBUTED: Verification.ATTRIBUTED_IN_SOURCE,
    ClaimSupport.ASSERTED: Verification.UNVERIFIED_IN_SOURCE,
}


@dataclass(frozen=True, slots=True)
class CentralClaim:
    """A claim with the sentence it is and the features by which it was chosen."""

    claim: Claim
    sentence: Sentence
    features: Features


def central_claims(document: EncodedDocument, features: list[Features]) -> tuple[CentralClaim, ...]:
    """At most eight claims, the most central first, still without missing evidence; () without a sentence.

    `features` are those of all sentences of the document, in order.
    """
    places = central_places(document, features)
    return claims_at(document, features, places, SUPPORT, evidence_strength(document))


def claims_at(
    document: Text,
    features: list[Features],
    places: list[int],
    supports: Mapping[str, LinearModel],
    strength: EvidenceStrength,
) -> tuple[CentralClaim, ...]:
    """The claims that these sentences are, in this order; `supports` tells how each is supported, in a text of
    such a `strength` of evidence."""
    sentences = document.sentences
    kinds = Kinds(document)
    found: list[CentralClaim] = []
    for number, place in enumerate(places):
        sentence = sentences[place]
        support = support_of(document, sentence, features[place], supports, strength)
        hedges = claim_hedges(document.text, sentence)
        claim = Claim(
            number=number + 1,
            text=sentence.text,
            role=ClaimRole.PRIMARY if number < PRIMARY_CLAIMS else ClaimRole.SUPPORTING,
            kind=kinds.of(sentence),
            support=support,
            verification=_VERIFICATION[support],
            risk=_risk(support, features[place], hedged=softens(hedges)),
            voice=voice_of(sentence),
            hedges=hedges,
            missing_evidence=[],
            spans=spans(document.text, sentence.start, sentence.end),
        )
        found.append(CentralClaim(claim, sentence, features[place]))
    return tuple(found)


def with_missing(claims: tuple[CentralClaim, ...], missing: list[list[MissingEvidence]]) -> list[Claim]:
    """The claims with what they lack, in the same order."""
    return [
        msgspec.structs.replace(central.claim, missing_evidence=lacks)
        for central, lacks in zip(claims, missing, strict=True)
    ]


def with_missing_unknown(claims: tuple[CentralClaim, ...]) -> list[Claim]:
    """The claims of an engine that does not look for what they lack."""
    return [msgspec.structs.replace(central.claim, missing_evidence=None) for central in claims]


def voice_of(sentence: Sentence) -> str:
    """Whose statement the sentence is: the quoted or reported speaker, else `document`."""
    if sentence.voice != DOCUMENT_VOICE:
        return sentence.voice
    reported = sentence.attributed_to
    return reported if reported and is_somebody(reported) and can_speak(reported) else DOCUMENT_VOICE


def central_places(
    document: EncodedDocument, features: list[Features], centrality: LinearModel = CENTRALITY
) -> list[int]:
    """Which sentences are the central claims, in the order of rank; training asks with weights of its own."""
    candidates = claim_candidates(document, features)
    linear = linear_scores(document, features, candidates, centrality)
    seen = [float(document.encoded.sentences[p, CLAIM]) for p in candidates]
    score = {
        place: of_encoder + LINEAR_SHARE * of_features
        for place, of_encoder, of_features in zip(candidates, _standard(seen), _standard(linear), strict=True)
    }
    return chosen_places(document, score)


def linear_scores(
    document: Text, features: list[Features], candidates: list[int], centrality: LinearModel
) -> list[float]:
    """How central each candidate is by its features, against the mean of its document, and its words."""
    against = relative(features)
    return [centrality.score(against[p], words_of(document.sentences[p].text)) for p in candidates]


def chosen_places(document: Text, score: Mapping[int, float]) -> list[int]:
    """The sentences of the highest score, as many as the text's length asks for, none that says another again."""
    wanted = min(MAX_CLAIMS, max(FEWEST_CLAIMS, document.article.words // WORDS_PER_CLAIM))
    chosen: list[int] = []
    known: list[frozenset[str]] = []
    for place in sorted(score, key=lambda p: (-round(score[p], 9), p)):
        own = frozenset(document.content_words(document.sentences[place]))
        if all(len(own & other) < SAME * max(1, min(len(own), len(other))) for other in known):
            chosen.append(place)
            known.append(own)
        if len(chosen) == wanted:
            break
    return chosen


def _standard(values: list[float]) -> list[float]:
    """In standard deviations from the mean; all 0 where they are equal."""
    if not values:
        return []
    spread = pstdev(values) or 1.0
    middle = fmean(values)
    return [(value - middle) / spread for value in values]


def claim_candidates(document: Text, features: list[Features]) -> list[int]:
    """The sentences that may be claims: checkable ones, else declarative ones, else any with words."""
    body = [p for p, s in enumerate(document.sentences) if s.role != "title"]
    stages = (
        [p for p in body if _is_checkable(document.sentences[p], features[p])],
        [p for p in body if _is_declarative(document.sentences[p], features[p])],
        [p for p, s in enumerate(document.sentences) if _is_declarative(s, features[p])],
    )
    return next((stage for stage in stages if stage), [])


def _is_checkable(sentence: Sentence, features: Features) -> bool:
    return (
        _is_declarative(sentence, features)
        and sentence.last - sentence.first >= MIN_TOKENS
        and len(sentence.text) <= MAX_CHARACTERS
        and bool(features["finite_verb"])
        and not features["imperative"]
        and not is_boilerplate(sentence.text)
    )


def _is_declarative(sentence: Sentence, features: Features) -> bool:
    return not features["question"] and any(c.isalpha() for c in sentence.text)


def _risk(support: ClaimSupport, features: Features, *, hedged: bool) -> Risk:
    """What a retelling as fact would do: strong and bare is high, sourced or shown is low."""
    strong = sum(
        bool(features[name]) for name in ("superlative", "cause", "comparison", "numbers", "promise")
    )
    if support is ClaimSupport.SHOWN:
        return Risk.LOW
    if support is ClaimSupport.ATTRIBUTED:
        return Risk.MODERATE if strong > 1 and not hedged else Risk.LOW
    return Risk.HIGH if strong > 1 and not hedged else Risk.MODERATE
