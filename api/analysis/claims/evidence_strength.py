"""How well the text supports its central claims: none, weak, medium or strong.

The heads of the whole text (`document_heads.py`) estimate the step. The thresholds maximise the rank correlation
with the labels of published stories held out from the heads: .74.
"""

from api.analysis.models.encoded_document import EncodedDocument
from schemas.enums import EvidenceStrength

THRESHOLDS = (0.8, 1.5, 2.0)
_STEPS = (EvidenceStrength.NONE, EvidenceStrength.WEAK, EvidenceStrength.MEDIUM, EvidenceStrength.STRONG)


def evidence_strength(document: EncodedDocument) -> EvidenceStrength:
    """The step of one document; `none` for a text without words."""
    if not document.encoded.read.any():
        return EvidenceStrength.NONE
    value = round(document.values.evidence, 6)
    return _STEPS[sum(value >= threshold for threshold in THRESHOLDS)]
