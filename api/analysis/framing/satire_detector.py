"""Satire: mock news, mock letters, irony carried through a whole piece.

Looks for: the wording of satires, learned from satires and from sincere texts of similar tone. Why: satire
praises, soothes and alarms in order to be disbelieved, so it has no type, and its sentences must not be
repeated as fact. It earns no points. Source: a ridge regression over words and word pairs (as in `wording.py`;
words alone separate satire from news well, Burfoot and Baldwin 2009), fitted by `satire_training.py`. Limits:
it recognises style, not facts; satire in ordinary prose passes for news. Hardly any sincere text crosses the
threshold. Texts under 100 words are not tested.

Satire is a flag, not a seventh type, since it does not steer as the six do; a refusal would hide that it must
not be repeated as fact. The flag rests on a finding with mass and without points, so that an appeal can dismiss
it. Fields for sincere texts are null, as an empty list would claim that nothing is missing.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from api.analysis.framing.detector import Detector, Hit
from api.analysis.models.satire import SATIRE, SatireModel, satire_model
from api.analysis.models.wording import apply_wording_model
from api.analysis.models.wording_measures import known_places
from api.analysis.text.document import Text

FEWEST_WORDS = 100  # of a tested text


@dataclass(frozen=True, slots=True)
class SatireScores:
    """The satire score of a text, and each sentence's contribution to it."""

    value: float
    sentences: list[float]


def satire_scores(document: Text, model: SatireModel) -> SatireScores:
    """Scores a text and its sentences; linear in their length."""
    matched = apply_wording_model(known_places(document), model.words)
    sentences = [0.0] * len(document.sentences)
    for term, value in matched.values.items():
        places = matched.places[term]
        share = model.words.terms[term][1] * value / matched.norm / len(places)
        for start, _ in places:
            sentences[document.sentence_at(start).index] += share
    return SatireScores(matched.outputs[SATIRE], sentences)


def _find(document: Text) -> Iterator[Hit]:
    """The sentence that contributes most, if the whole text reads as satire."""
    if len(document.text.split()) < FEWEST_WORDS:
        return
    model = satire_model()
    scores = satire_scores(document, model)
    if scores.value >= model.line:
        best = max(document.sentences, key=lambda s: (scores.sentences[s.index], -s.index))
        yield Hit(best.start, best.end, loaded=False)


DETECTOR = Detector(
    code=SATIRE,
    type=None,
    tactic=None,
    label="Reads as satire",
    explanation="The text reads as satire, most of all in “{words}”: it hardly means what it says.",
    finds=(),
    passes=(),
    find=_find,
)
