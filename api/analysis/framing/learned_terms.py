"""The learned detectors: the tagger's loaded terms, one detector per spin type.

A term has the type that the sentence encoder rates highest for its sentence; its share is the probability that
a careful reader marks it. Limits: see `term_tagger.py` and `encoder.py`; no rule can be cited for a learned
term.
"""

from collections.abc import Iterator
from functools import partial

from api.analysis.framing.detector import Detector, Hit
from api.analysis.text.document import Text
from schemas.enums import SpinType

_CERTAIN = 0.5  # least probability of a term that counts fully
_EXPLANATIONS = {
    SpinType.CUSHION: "“{words}” is the sort of wording by which bad news is made to feel smaller.",
    SpinType.SHIELD: "“{words}” is the sort of wording by which blame is moved elsewhere.",
    SpinType.HYPE: "“{words}” is the sort of wording by which a thing is made to look larger.",
    SpinType.HALO: "“{words}” is the sort of wording by which a moral good is claimed.",
    SpinType.FOG: "“{words}” is the sort of wording that leaves open who, what or how much.",
    SpinType.STAMPEDE: "“{words}” is the sort of wording by which a reader is hurried.",
}


def share_of(probability: float) -> int:
    """The weight, in thousandths, of a term with this probability of being marked by a reader."""
    return round(1000 * min(probability / _CERTAIN, 1.0))


def _find(kind: SpinType, document: Text) -> Iterator[Hit]:
    for term, term_type in document.typed_terms:
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
