"""Text that does not mean what it says: mock news, mock letters, irony carried through a whole piece.

Looks for: the wording of satires, as learned from satires and from sincere texts that come near them in tone.
Why: a satire praises, soothes and alarms in order to be disbelieved, so it has none of the six types, and none of
its sentences may be repeated as a fact. It earns no points: how strongly it steers, the other rules say. Source:
a ridge regression over words and pairs of neighbours (as in `wording.py`; words alone tell satire from news well,
Burfoot and Baldwin 2009), made by `satire_training.py`. Limits: it knows manners, not facts; satire in ordinary
prose, whose joke lies in the facts, passes for news. The line stands where hardly any sincere text crosses it.
Texts under 100 words are not asked.

Satire is a flag of the verdict. A seventh type would say that satire steers as the six do; refusing to score it
would hide that it may be repeated as fact, which machines must know. The flag rests on a finding with mass and
without points, so that an appeal can dismiss it like any other, and the ablations say how the text would be
judged then. Fields that make sense only for sincere texts are null: an empty list would say that nothing is
lacking.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from api.analysis.framing.detector import Detector, Hit
from api.analysis.models.satire import SATIRE, SatireModel, satire_model
from api.analysis.models.wording import worded
from api.analysis.models.wording_measures import known_places
from api.analysis.text.document import Text

FEWEST_WORDS = 100  # of a text that is asked


@dataclass(frozen=True, slots=True)
class Told:
    """How much a text reads as satire, and how much of that each sentence says."""

    value: float
    sentences: list[float]


def told(document: Text, model: SatireModel) -> Told:
    """What a model says of a text and of its sentences; linear in their length."""
    known = worded(known_places(document), model.words)
    sentences = [0.0] * len(document.sentences)
    for term, value in known.values.items():
        places = known.places[term]
        share = model.words.terms[term][1] * value / known.norm / len(places)
        for start, _ in places:
            sentences[document.sentence_at(start).index] += share
    return Told(known.outputs[SATIRE], sentences)


def _find(document: Text) -> Iterator[Hit]:
    """The sentence that tells most, where the whole reads as satire."""
    if len(document.text.split()) < FEWEST_WORDS:
        return
    model = satire_model()
    found = told(document, model)
    if found.value >= model.line:
        best = max(document.sentences, key=lambda s: (found.sentences[s.index], -s.index))
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
