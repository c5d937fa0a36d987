"""Unhedged promises in the future indicative: "will change how", "will enable".

Looks for: "will" with a verb of upside in the document's own sentence, without a hedge. Why: an unconditional
forecast reads as a fact. Source: Brown and Michael (2003); epistemic modality in Hyland (2005). Limits:
schedules ("will open on 3 May") use other verbs and pass.
"""

from collections.abc import Iterator

from api.analysis.framing.detector import Detector, Hit
from api.analysis.framing.patterns import parsed
from api.analysis.text.document import Document
from api.analysis.text.lexicon import words
from schemas.enums import SpinType

# Verbs of effect. "Lead", "give", "make" and "become" occur in any report of plans.
UPSIDE = words(
    "transform change revolutionize revolutionise enable unlock empower improve accelerate drive boost deliver "
    "solve advance strengthen enhance bring help allow redefine reshape define power fuel outperform dominate "
    "thrive eliminate supercharge disrupt democratize democratise reinvent reimagine"
)


def _find(document: Document) -> Iterator[Hit]:
    for sentence in document.sentences:
        if sentence.hedges or sentence.negated:
            continue
        for token in document.tokens(sentence):
            if token.lower_ in ("will", "'ll", "’ll") and token.dep_ == "aux":
                verb = token.head
                between = verb.i - token.i
                if (
                    verb.lemma_ in UPSIDE
                    and 0 < between <= 3
                    and not any(c.dep_ in ("neg", "nsubjpass") for c in verb.children)
                ):
                    yield Hit(token.idx, verb.idx + len(verb.text), loaded=False)


DETECTOR = Detector(
    code="future_promise",
    type=SpinType.HYPE,
    tactic="innovation_framing",
    label="Forecast told as fact",
    explanation="“{words}” tells a forecast without condition or doubt.",
    finds=(
        "Lanternworks will transform home care.",
        "The new grid will empower every village, and it will drive growth for decades.",
    ),
    passes=(
        "Lanternworks may change home care if the trial succeeds.",
        "The bridge will open on 3 May.",
        "Ms Korhola will lead the council's new office and give a report in June.",
    ),
    find=parsed(_find),
)
