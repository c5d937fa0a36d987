"""What the encoder's heads say of a text as measures: the sentences that steer, and values of the whole text.

The values (`sees_...`) are logits of types and stances and values of tactics; they do not enter the score.
"""

from api.analysis.models.document_heads import DocumentValues
from api.analysis.models.encoder import Encoded
from api.analysis.models.sentence_heads import COLUMN
from api.analysis.text.document import Document
from api.analysis.text.signals import Measure

STEERING = "steering_sentences"
STEERS = 0.6  # least expected strength; best agreement with readers' marks on stories held out from the heads


def encoder_measures(document: Document, encoded: Encoded, values: DocumentValues) -> list[Measure]:
    """The share of sentences that steer, with their places, and the values of the whole text."""
    strength = encoded.marks[:, COLUMN["steering"]]
    read = encoded.read
    steering = [s for s in document.sentences if read[s.index] and strength[s.index] >= STEERS]
    steering.sort(key=lambda s: (-round(float(strength[s.index]), 4), s.index))
    number = int(read.sum())
    return [
        Measure(
            STEERING,
            len(steering) / max(number, 1),
            [(s.start, s.end) for s in steering],
            count=len(steering),
            of=number,
            label="Sentences that steer",
        ),
        *(Measure(f"sees_{kind.value}", value, []) for kind, value in values.types.items()),
        *(Measure(f"sees_{stance.value}_stance", value, []) for stance, value in values.stances.items()),
        *(Measure(f"sees_{tactic}", value, []) for tactic, value in values.tactics.items()),
    ]
