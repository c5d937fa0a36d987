"""From evidence and measures to a score whose every hundredth has a place, and to probabilities.

The score is additive: base + points of findings + points of features, rounded to a whole number and kept
within 0-100; rounding and clamp are rows of the ledger like the others, so the sum is exact. A detector's
points are shared among its findings by their mass, whole hundredths, the largest remainders first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp
from typing import TypeVar

from api.analysis.evidence import Evidence, strengths
from api.analysis.features import Measure
from api.analysis.weights import Linear, ScoreWeights

Key = TypeVar("Key")

HUNDRED = 100  # points are hundredths of a score point
MAX_SCORE = 100


@dataclass(frozen=True, slots=True)
class Scored:
    """All points in hundredths: base + findings + features + rounding + clamp = 100 * score."""

    base: int
    findings: tuple[int, ...]  # beside the evidence, in its order
    features: tuple[int, ...]  # beside the measures, in their order
    rounding: int
    clamp: int
    score: int


def score(
    evidence: Sequence[Evidence], measures: Sequence[Measure], words: int, weights: ScoreWeights
) -> Scored:
    """The score of a text of `words` words and all of its parts."""
    found = strengths(evidence, words)
    findings = [0] * len(evidence)
    for code, strength in found.items():
        places = [i for i, e in enumerate(evidence) if e.mass and e.detector.code == code]
        total = round(weights.detectors.get(code, 0) * strength)
        for i, points in zip(places, _shared(total, [evidence[i].mass for i in places]), strict=True):
            findings[i] = points
    features = [round(weights.features.get(m.code, 0) * m.value) for m in measures]
    raw = weights.base + sum(findings) + sum(features)
    rounded = (raw + HUNDRED // 2) // HUNDRED
    kept = min(max(rounded, 0), MAX_SCORE)
    return Scored(
        base=weights.base,
        findings=tuple(findings),
        features=tuple(features),
        rounding=rounded * HUNDRED - raw,
        clamp=(kept - rounded) * HUNDRED,
        score=kept,
    )


def logit(form: Linear, found: Mapping[str, float], measures: Sequence[Measure]) -> float:
    """The value of a linear form, summed in a fixed order."""
    value = form.base
    for code, strength in found.items():
        value += form.detectors.get(code, 0.0) * strength
    for measure in measures:
        value += form.features.get(measure.code, 0.0) * measure.value
    return value


def softmax(logits: Mapping[Key, float], temperature: float = 1.0) -> dict[Key, float]:
    """Probabilities in the order of the logits."""
    top = max(logits.values())
    powers = {key: exp((value - top) / temperature) for key, value in logits.items()}
    total = sum(powers.values())
    return {key: power / total for key, power in powers.items()}


def _shared(total: int, masses: Sequence[int]) -> list[int]:
    """`total` in whole parts proportional to `masses`; what is left over goes to the largest remainders."""
    whole = sum(masses)
    sign = -1 if total < 0 else 1
    parts = [abs(total) * mass // whole for mass in masses]
    rests = sorted(range(len(masses)), key=lambda i: (-(abs(total) * masses[i] % whole), i))
    for i in rests[: abs(total) - sum(parts)]:
        parts[i] += 1
    return [sign * part for part in parts]
