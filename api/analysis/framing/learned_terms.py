"""The learned detectors: the tagger's loaded terms, one detector per spin type.

A term has the type that the sentence encoder rates highest for its sentence, or a type that it rates nearly as
high, if the term's own words are typical of that one alone (`term_tactics.py`); its share is the probability that
a careful reader marks it. Limits: see `term_tagger.py` and `encoder.py`; no rule can be cited for a learned
term.
"""

from collections.abc import Iterator
from functools import partial

from api.analysis.framing.detector import Detector, Hit
from api.analysis.framing.term_tactics import type_of_words
from api.analysis.text.document import Text
from api.analysis.text.signals import TaggedTerm
from schemas.enums import SpinType

_LEAST = 0.4  # probability of a term that is found; with those below it the terms' F1 is lower by .01
_CERTAIN = 0.5  # least probability of a term that counts fully
# true of almost any loaded phrase of the type
_EXPLANATIONS = {
    SpinType.CUSHION: "“{words}” may make the news easier to take.",
    SpinType.SHIELD: "“{words}” may incline the reader to excuse one side or to blame another.",
    SpinType.HYPE: "“{words}” puts the matter in a favourable light.",
    SpinType.HALO: "“{words}” invites approval of aims or conduct.",
    SpinType.FOG: "“{words}” leaves the details open.",
    SpinType.STAMPEDE: "“{words}” adds to a sense of urgency or alarm.",
}


def share_of(probability: float) -> int:
    """The weight, in thousandths, of a term with this probability of being marked by a reader."""
    return round(1000 * min(probability / _CERTAIN, 1.0))


def _typed(document: Text) -> list[tuple[TaggedTerm, SpinType]]:
    return [
        (term, type_of_words(document, kind, term.start, term.end))
        for term, kind in document.typed_terms
        if term.probability >= _LEAST
    ]


def _find(kind: SpinType, document: Text) -> Iterator[Hit]:
    for term, term_type in document.once(_typed):
        if term_type is kind:
            yield Hit(term.start, term.end, share=share_of(term.probability))


LEARNED: tuple[Detector, ...] = tuple(
    Detector(
        code=f"loaded_{kind.value}",
        type=kind,
        tactic=None,
        label="Loaded wording",
        explanation=explanation,
        finds=(),
        passes=(),
        find=partial(_find, kind),
    )
    for kind, explanation in sorted(_EXPLANATIONS.items())
)
LEARNED_CODES = frozenset(detector.code for detector in LEARNED)
