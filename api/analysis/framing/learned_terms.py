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

_CERTAIN = 0.5  # least probability of a term that counts fully
# of a term whose words tell no tactic (`term_tactics.py`)
_EXPLANATIONS = {
    SpinType.CUSHION: "“{words}” makes the bad news easier to accept.",
    SpinType.SHIELD: "“{words}” draws attention away from the actor's own part.",
    SpinType.HYPE: "“{words}” makes the matter sound larger.",
    SpinType.HALO: "“{words}” lends the matter a moral or a caring tone.",
    SpinType.FOG: "“{words}” leaves open who, what or how much.",
    SpinType.STAMPEDE: "“{words}” makes the matter sound pressing.",
}


def share_of(probability: float) -> int:
    """The weight, in thousandths, of a term with this probability of being marked by a reader."""
    return round(1000 * min(probability / _CERTAIN, 1.0))


def _typed(document: Text) -> list[tuple[TaggedTerm, SpinType]]:
    return [
        (term, type_of_words(document, kind, term.start, term.end)) for term, kind in document.typed_terms
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
