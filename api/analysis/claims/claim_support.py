"""Determines how the text supports a claim: shown, attributed, or only asserted.

A linear model over the sentence's features decides (`linear_models.py`; right for 72 of 100 labelled claims of
unseen stories; always "asserted" would be right for 63). `attributed` requires a named source. `shown` is
excluded for forecasts (readers call 40 of 379 shown, mostly dates and plans), for texts without evidence (1 of
325), and for findings of others ("The group found that 38 percent ...": 12 of 70, and 47 attributed).
"""

import re
from collections.abc import Mapping

from api.analysis.models.linear_models import LinearModel
from api.analysis.models.sentence_features import Features
from api.analysis.text.document import DOCUMENT_VOICE, Sentence, Text
from api.analysis.text.own_account import OWN_ACCOUNT
from schemas.enums import ClaimSupport, EvidenceStrength, SourceType

_OWN_FINDINGS = OWN_ACCOUNT - {SourceType.OTHER} | {SourceType.RESEARCH, SourceType.GOVERNMENT}
_ORDER = (ClaimSupport.ASSERTED, ClaimSupport.ATTRIBUTED, ClaimSupport.SHOWN)
_FORECAST = re.compile(
    r"\b(?:will|won['’]t|shall|(?:is|are|was|were) (?:going|expected|projected|forecast|predicted) to|"
    r"(?:could|would|may|might)\b.{1,80}\b(?:by 20\d\d|(?:over|in|within) the (?:next|coming)))\b|\w['’]ll\b",
    re.IGNORECASE,
)
_FOUND = re.compile(
    r"(?<!was )(?<!were )(?<!been )(?<!be )(?<!is )(?<!are )"
    r"\b(?:found|finds|reported|reports|estimates|estimated) (?:that\b|(?:[^\s,;.]+ ){0,4}[$€£¥]?\d)",
)
_FIRST_PERSON = re.compile(r"\b(?:[Ww]e|[Oo]ur|I|[Mm]y)\b")


def support_of(
    document: Text,
    sentence: Sentence,
    features: Features,
    supports: Mapping[str, LinearModel],
    strength: EvidenceStrength,
) -> ClaimSupport:
    """The support of one sentence in a text with this strength of evidence.

    `features` are its own, not relative to the document.
    """
    model_features = features | {
        "own_account": float(document.article.source.type in OWN_ACCOUNT),
        "bias": 1.0,
    }
    named = sentence.voice != DOCUMENT_VOICE or sentence.attributed_to is not None
    allowed = [s for s in _ORDER if s is not ClaimSupport.ATTRIBUTED or named or features["report"] > 0]
    if named:
        allowed.remove(ClaimSupport.ASSERTED)  # as a source is named
    best = max(allowed, key=lambda support: supports[support].score(model_features, {}))
    if best is not ClaimSupport.SHOWN:
        return best
    is_finding = _reports_finding(document, sentence)
    if is_finding or strength is EvidenceStrength.NONE or _FORECAST.search(sentence.text):
        return ClaimSupport.ATTRIBUTED if named or is_finding else ClaimSupport.ASSERTED
    return best


def _reports_finding(document: Text, sentence: Sentence) -> bool:
    """Whether the sentence reports findings of somebody other than its publisher."""
    if document.article.source.type in _OWN_FINDINGS or _FIRST_PERSON.search(sentence.text):
        return False
    return _FOUND.search(sentence.text) is not None
