"""The sentence encoder's output as measures: points of each sentence, and values of the whole text.

The score is a mean over sentences, so the ledger shows each sentence's points. Values of type, stance and
evidence (`sees_...`) enter their logits only, not the score.
"""

from api.analysis.models.encoder import EVIDENCE, SCORE, STANCE_ORDER, STANCES, TYPE_ORDER, TYPES, Encoded
from api.analysis.text.document import Document
from api.analysis.text.signals import Measure

SENTENCE, REST = "sentence", "sentences"
LABELS = {
    SENTENCE: "How this sentence reads among the others",
    REST: "How the other sentences read",
}
SPREAD = 20.0  # score points per unit of the encoder's score
_MIN_POINTS = 0.5  # points from which a sentence is a measure of its own
VIEWS = (
    SCORE,
    *range(TYPES.start, TYPES.stop),
    *range(STANCES.start, STANCES.stop),
    EVIDENCE,
)
VIEW_NAMES = (
    "score",
    *(kind.value for kind in TYPE_ORDER),
    *(f"{stance.value}_stance" for stance in STANCE_ORDER),
    "evidence",
)


def encoder_measures(document: Document, encoded: Encoded) -> list[Measure]:
    """A measure for each sentence with enough points, one for the rest, and one for each view of the text."""
    points = SPREAD * encoded.shares * encoded.sentences[:, SCORE]
    single = [
        Measure(SENTENCE, float(points[s.index]), [(s.start, s.end)])
        for s in document.sentences
        if abs(points[s.index]) >= _MIN_POINTS
    ]
    others = [s for s in document.sentences if abs(points[s.index]) < _MIN_POINTS]
    rest = Measure(REST, float(sum(points[s.index] for s in others)), [(s.start, s.end) for s in others])
    whole = encoded.document
    views = [
        Measure(f"sees_{name}", float(whole[column]), [])
        for name, column in zip(VIEW_NAMES, VIEWS, strict=True)
    ]
    return [*single, *([rest] if others else []), *views]
