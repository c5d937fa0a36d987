"""The central claims of a skimmed text, by a linear score over a sentence's words and place.

As `claims.py`, without encoder and parse; the models (`fast_claims.json`) are fitted without their features.
"""

from functools import cache

from api.analysis.claims.claims import (
    CentralClaim,
    chosen_places,
    claim_candidates,
    claims_at,
    linear_scores,
    primary_claims,
)
from api.analysis.engines.fast.skimmed import Skimmed
from api.analysis.models.linear_models import ClaimWeights, LinearModel
from api.analysis.models.sentence_features import Features, features_in_place, wording_features
from api.analysis.text.boilerplate import is_boilerplate
from api.analysis.text.data_files import data_file
from api.analysis.text.document import DOCUMENT_VOICE, UNNAMED_VOICE, Sentence
from schemas.enums import EvidenceStrength

_ENDS = (".", "!", "?", "”", '"', "’", ")")


@cache
def claim_weights() -> ClaimWeights:
    """The shipped weights."""
    return data_file("models/fast_claims.json", ClaimWeights)


def central_claims(
    skimmed: Skimmed, features: list[Features], strength: EvidenceStrength
) -> tuple[CentralClaim, ...]:
    """As `claims.central_claims`, for a text with this strength of evidence."""
    weights = claim_weights()
    score = _scores(skimmed, features, weights.centrality)
    places = chosen_places(skimmed, score)
    primary = primary_claims(score, places)
    return claims_at(skimmed, features, places, weights.support, strength, primary=primary)


def central_places(skimmed: Skimmed, features: list[Features], centrality: LinearModel) -> list[int]:
    """The indices of the central claims' sentences, by rank."""
    return chosen_places(skimmed, _scores(skimmed, features, centrality))


def _scores(skimmed: Skimmed, features: list[Features], centrality: LinearModel) -> dict[int, float]:
    candidates = claim_candidates(skimmed, features)
    return dict(zip(candidates, linear_scores(skimmed, features, candidates, centrality), strict=True))


def skim_features(skimmed: Skimmed) -> list[Features]:
    """The features of every sentence, title included, in order; named as in `sentence_features.py`."""
    return features_in_place(
        skimmed, lambda sentence: _shape(skimmed, sentence) | wording_features(sentence.text)
    )


def _shape(skimmed: Skimmed, sentence: Sentence) -> Features:
    length = min(sentence.last - sentence.first, 60) / 30
    text = sentence.text
    capitals = sum(
        skimmed.text[start].isupper() for start, _ in skimmed.places[sentence.first + 1 : sentence.last]
    )
    return {
        "length": length,
        "length_squared": length**2,
        "short": float(length < 8 / 30),
        "long": float(length > 1.5),
        "finite_verb": float(skimmed.is_finite(sentence)),
        "imperative": 0.0,
        "capitals": min(capitals, 6) / 3,
        "numbers": float(min(3, len(sentence.numbers))),
        "has_number": float(bool(sentence.numbers)),
        "hedges": float(min(2, len(sentence.hedges))),
        "negated": float(sentence.negated),
        "attributed": float(sentence.attributed_to is not None),
        "quoted": float(sentence.voice != DOCUMENT_VOICE),
        "unnamed": float(sentence.voice == UNNAMED_VOICE),
        "opens_paragraph": float("\n" in skimmed.text[max(0, sentence.start - 2) : sentence.start]),
        "unclosed": float(not text.endswith(_ENDS)),
        "boilerplate": float(is_boilerplate(text)),
    }
