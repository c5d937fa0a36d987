"""Turns evidence and measures into an additive score and probabilities.

Score: base + points of findings + points of features, rounded to a whole number and clamped to 0-100. Rounding
and clamp have ledger rows too, so the sum is exact. A detector's points are divided among its findings by mass,
in whole hundredths, the largest remainders first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp
from typing import TypeVar

from api.analysis.framing.evidence import Evidence, strengths
from api.analysis.models.weights import Linear, ScoreWeights, Weights
from api.analysis.text.signals import Measure
from schemas.enums import SpinType, Stance

Key = TypeVar("Key")

HUNDRED = 100  # points are hundredths of a score point
MAX_SCORE = 100
_BEYOND_LABEL = "The model's reading beyond these"
BEYOND = "reading"  # the measure of `reading_beyond`, with a weight of one point a point


@dataclass(frozen=True, slots=True)
class Scored:
    """All points in hundredths: base + findings + features + rounding + clamp = 100 * score."""

    base: int
    findings: tuple[int, ...]  # parallel to the evidence
    features: tuple[int, ...]  # parallel to the measures
    rounding: int
    clamp: int
    score: int

    def points_at(self, items: Iterable[int]) -> int:
        """The points of the evidence at these indices."""
        return sum(self.findings[number] for number in items)


@dataclass(frozen=True, slots=True)
class MeasureEffects:
    """The effects of a text's measures, which do not depend on its findings.

    `features` are points, parallel to the measures; `types`, `stances` and `tactics` are the initial logits.
    """

    features: tuple[int, ...]
    types: dict[SpinType, float]
    stances: dict[Stance, float]
    tactics: dict[str, float]


def measure_effects(measures: Sequence[Measure], table: Weights) -> MeasureEffects:
    values = [(m.code, m.value) for m in measures]
    return MeasureEffects(
        features=tuple(_feature_points(table.score, code, value) for code, value in values),
        types={kind: _start(form, values) for kind, form in table.types.items()},
        stances={stance: _start(form, values) for stance, form in table.stances.items()},
        tactics={tactic: _start(form, values) for tactic, form in table.tactics.items()},
    )


def _feature_points(weights: ScoreWeights, code: str, value: float) -> int:
    if code in weights.plain:
        value = max(value - weights.plain[code], 0.0)
    return round(weights.features.get(code, 0) * value)


def reading_beyond(
    estimate: float, evidence: Sequence[Evidence], measures: Sequence[Measure], words: int, table: Weights
) -> Measure:
    """The part of the model's estimate, in points, that neither findings nor measures explain."""
    explained = score(evidence, measure_effects(measures, table), words, table.score)
    points = explained.base + sum(explained.findings) + sum(explained.features)
    return Measure(
        BEYOND, min(max(estimate, 0.0), float(MAX_SCORE)) - points / HUNDRED, [], label=_BEYOND_LABEL
    )


def _start(form: Linear, values: Sequence[tuple[str, float]]) -> float:
    start = form.base
    for code, value in values:
        start += form.features.get(code, 0.0) * value
    return start


def score(evidence: Sequence[Evidence], effects: MeasureEffects, words: int, weights: ScoreWeights) -> Scored:
    """The score of a text of `words` words, with all of its parts."""
    detector_strengths = strengths(evidence, words)
    findings = [0] * len(evidence)
    counting: dict[str, list[int]] = {}
    for i, item in enumerate(evidence):
        if item.mass:
            counting.setdefault(item.detector.code, []).append(i)
    for code, strength in detector_strengths.items():
        places = counting[code]
        total = points_of(weights, code, strength)
        for i, points in zip(places, _apportioned(total, [evidence[i].mass for i in places]), strict=True):
            findings[i] = points
    raw = weights.base + sum(findings) + sum(effects.features)
    rounded = _rounded(raw)
    clamped = whole_score(raw)
    return Scored(
        base=weights.base,
        findings=tuple(findings),
        features=effects.features,
        rounding=rounded * HUNDRED - raw,
        clamp=(clamped - rounded) * HUNDRED,
        score=clamped,
    )


def points_of(weights: ScoreWeights, code: str, strength: float) -> int:
    """The total of all findings of a detector, in hundredths."""
    return round(weights.detectors.get(code, 0) * strength)


def whole_score(raw: int) -> int:
    """The clamped score of a sum in hundredths."""
    return min(max(_rounded(raw), 0), MAX_SCORE)


def _rounded(raw: int) -> int:
    return (raw + HUNDRED // 2) // HUNDRED


def logit(form: Linear, start: float, detector_strengths: Mapping[str, float]) -> float:
    """`start` plus the weighted strengths of the detectors, summed in a fixed order."""
    for code, strength in detector_strengths.items():
        start += form.detectors.get(code, 0.0) * strength
    return start


def softmax(logits: Mapping[Key, float], temperature: float = 1.0) -> dict[Key, float]:
    """Probabilities in the order of the logits."""
    highest = max(logits.values())
    powers = {key: exp((value - highest) / temperature) for key, value in logits.items()}
    total = sum(powers.values())
    return {key: power / total for key, power in powers.items()}


def _apportioned(total: int, masses: Sequence[int]) -> list[int]:
    """`total` in whole parts proportional to `masses`; the largest remainders get the rest."""
    total_mass = sum(masses)
    sign = -1 if total < 0 else 1
    parts = [abs(total) * mass // total_mass for mass in masses]
    by_remainder = sorted(range(len(masses)), key=lambda i: (-(abs(total) * masses[i] % total_mass), i))
    for i in by_remainder[: abs(total) - sum(parts)]:
        parts[i] += 1
    return [sign * part for part in parts]
