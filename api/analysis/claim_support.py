"""How the text supports a claim: shown, attributed, or only asserted.

A linear model over the sentence's features decides (`linear_models.py`; right for 72 in 100 labelled claims of
stories that it was not fitted on, where "asserted" alone would be right for 63). It may not say `attributed` of a
sentence in which nobody is named as a source.
"""

from collections.abc import Mapping

from api.analysis.document import DOCUMENT_VOICE, Sentence, Text
from api.analysis.linear_models import LinearModel
from api.analysis.sentence_features import Features
from schemas.enums import ClaimSupport, SourceType

OWN_ACCOUNT = frozenset(
    {
        SourceType.COMPANY_BLOG,
        SourceType.PRESS_RELEASE,
        SourceType.NEWSLETTER,
        SourceType.COMMUNITY,
        SourceType.OTHER,
    }
)  # publishers who mostly speak of their own doings
_ORDER = (ClaimSupport.ASSERTED, ClaimSupport.ATTRIBUTED, ClaimSupport.SHOWN)


def support_of(
    document: Text, sentence: Sentence, features: Features, supports: Mapping[str, LinearModel]
) -> ClaimSupport:
    """The support of one sentence; `features` are its own, not relative to the document."""
    known = features | {
        "own_account": float(document.article.source.type in OWN_ACCOUNT),
        "bias": 1.0,
    }
    sourced = sentence.voice != DOCUMENT_VOICE or sentence.attributed_to is not None or features["report"] > 0
    allowed = [s for s in _ORDER if s is not ClaimSupport.ATTRIBUTED or sourced]
    if sentence.voice != DOCUMENT_VOICE or sentence.attributed_to is not None:
        allowed.remove(ClaimSupport.ASSERTED)  # somebody is named who says it
    return max(allowed, key=lambda support: supports[support].score(known, {}))
