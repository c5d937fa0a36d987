"""What the sentence encoder says, as measures beside the features: each sentence's points, and its views.

The score is a mean over the sentences, so each has its points, and the ledger leads to it. What the encoder says
of type, stance and evidence enters their logits alone (`sees_...`), and has no place in the score.
"""

from api.analysis.models.encoder import EVIDENCE, SCORE, STANCE_ORDER, STANCES, TYPE_ORDER, TYPES, Encoded
from api.analysis.text.document import Document
from api.analysis.text.signals import Measure

SENTENCE, REST = "sentence", "sentences"
LABELS = {
    SENTENCE: "How this sentence reads among the others",
    REST: "How the other sentences read",
}
SPREAD = 20.0  # score points to a unit of what the encoder says
_TELLING = 0.5  # points from which a sentence is shown by itself
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
    """A measure for each telling sentence, one for the rest, and one for each view of the whole."""
    points = SPREAD * encoded.shares * encoded.sentences[:, SCORE]
    telling = [
        Measure(SENTENCE, float(points[s.index]), [(s.start, s.end)])
        for s in document.sentences
        if abs(points[s.index]) >= _TELLING
    ]
    others = [s for s in document.sentences if abs(points[s.index]) < _TELLING]
    rest = Measure(REST, float(sum(points[s.index] for s in others)), [(s.start, s.end) for s in others])
    whole = encoded.document
    views = [
        Measure(f"sees_{name}", float(whole[column]), [])
        for name, column in zip(VIEW_NAMES, VIEWS, strict=True)
    ]
    return [*telling, *([rest] if others else []), *views]
