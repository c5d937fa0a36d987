"""How well the text itself supports its central claims: none, weak, medium or strong.

The sentence encoder's view of the whole (`encoder.py`), cut into steps where the rank correlation with the labels
of stories that it had not seen was highest: .76.
"""

from api.analysis.document import Document
from api.analysis.encoder import EVIDENCE
from schemas.enums import EvidenceStrength

THRESHOLDS = (1.4, 1.9, 2.4)
MIDDLE = 1.4  # the step, counted from 0, of a text of which the encoder says nothing
_STEPS = (EvidenceStrength.NONE, EvidenceStrength.WEAK, EvidenceStrength.MEDIUM, EvidenceStrength.STRONG)


def evidence_strength(document: Document) -> EvidenceStrength:
    """The step of one document; `none` for a text without words."""
    if not document.encoded.shares.any():
        return EvidenceStrength.NONE
    value = round(MIDDLE + float(document.encoded.document[EVIDENCE]), 6)
    return _STEPS[sum(value >= threshold for threshold in THRESHOLDS)]
