"""Determines type, secondary type, tactic and stance of a document.

A type needs at least one finding that counts. A critical stance allows only `none`, Stampede, Fog or Halo: a
critic does not soften, excuse or promise. A score in the plain band has no type. Satire has no type either, and
its stance is critical of its subject.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.analysis.framing.detectors import DETECTORS
from api.analysis.framing.learned_terms import LEARNED
from api.analysis.framing.scoring import MeasureEffects, logit, softmax
from api.analysis.models.satire import SATIRE, satire_model
from api.analysis.models.weights import Weights
from schemas.enums import SpinType, Stance

MAX_CERTAIN = 0.99  # two readers of one text agree in nine of ten cases
CRITICAL_TYPES = frozenset({SpinType.NONE, SpinType.STAMPEDE, SpinType.FOG, SpinType.HALO})
_TACTICS = {d.code: d.tactic for d in DETECTORS if d.tactic is not None}
TYPE_OF = {d.code: d.type for d in (*DETECTORS, *LEARNED) if d.type is not None}


@dataclass(frozen=True, slots=True)
class Kind:
    """`probability` is that of `primary` among the types allowed for this text."""

    primary: SpinType
    secondary: SpinType | None
    tactic: str | None
    stance: Stance
    probability: float
    satire: bool = False


def kind(
    detector_strengths: Mapping[str, float], effects: MeasureEffects, score: int, weights: Weights
) -> Kind:
    """`detector_strengths` contains only detectors with findings."""
    if SATIRE in detector_strengths:
        return Kind(SpinType.NONE, None, None, Stance.CRITICAL, satire_model().certainty, satire=True)
    stances = {
        code: logit(form, effects.stances[code], detector_strengths) for code, form in weights.stances.items()
    }
    stance = max(stances, key=lambda code: (stances[code], code))
    grounded = {TYPE_OF[code] for code in detector_strengths} | {SpinType.NONE}
    if stance is Stance.CRITICAL:
        grounded &= CRITICAL_TYPES
    if score <= weights.plain:
        return Kind(SpinType.NONE, None, None, stance, weights.plain_confidence)
    logits = {
        code: logit(form, effects.types[code], detector_strengths)
        for code, form in weights.types.items()
        if code in grounded
    }
    shares = softmax(logits, weights.temperature)
    ranked = sorted(shares, key=lambda code: (-shares[code], code))
    primary = ranked[0]
    others = [code for code in ranked[1:] if code is not SpinType.NONE and shares[code] >= weights.secondary]
    return Kind(
        primary=primary,
        secondary=others[0] if others and primary is not SpinType.NONE else None,
        tactic=_tactic(primary, detector_strengths, effects, weights),
        stance=stance,
        probability=_certainty(shares[primary], weights.confidence),
    )


def _certainty(share: float, steps: Sequence[tuple[float, float]]) -> float:
    """How often a type with this probability is right: by the line through the steps, level outside them."""
    if not steps:
        return min(share, MAX_CERTAIN)
    lower = max((step for step in steps if step[0] <= share), default=steps[0])
    upper = min((step for step in steps if step[0] > share), default=steps[-1])
    if upper[0] <= lower[0]:
        return lower[1] if share >= lower[0] else upper[1]
    part = (share - lower[0]) / (upper[0] - lower[0])
    return lower[1] + min(max(part, 0.0), 1.0) * (upper[1] - lower[1])


def _tactic(
    primary: SpinType, detector_strengths: Mapping[str, float], effects: MeasureEffects, weights: Weights
) -> str | None:
    """The strongest tactic of the type; among those with a finding, unless measures tell tactics apart."""
    own = {tactic: code for code, tactic in _TACTICS.items() if TYPE_OF[code] is primary}
    found = {_TACTICS[code] for code in detector_strengths if code in _TACTICS}
    values = {
        tactic: logit(weights.tactics[tactic], effects.tactics[tactic], detector_strengths)
        for tactic in sorted(own)
        if tactic in found or weights.tactics[tactic].features
    }
    return max(values, key=lambda tactic: (values[tactic], tactic), default=None)
