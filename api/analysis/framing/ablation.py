"""Computes the exact score and type of a verdict without some of its findings.

The other findings are weighed again without a new reading, as after rulings that dismiss the omitted ones; a
test verifies the equality. Only a detector's total mass enters the weighing, so the time is linear in the
findings.

Ablations are stored with the verdict: they take one to four milliseconds a story beside a hundred for reading,
and up to a tenth of the verdict's bytes. On request they would need the parse, which the API's processes do not
load.
"""

from collections.abc import Collection, Iterable, Sequence

import numpy as np

from api.analysis.framing.evidence import Evidence, strength
from api.analysis.framing.kinds import CRITICAL_TYPES, TYPE_OF
from api.analysis.framing.places import Place, finding_id
from api.analysis.framing.scoring import MeasureEffects, points_of, whole_score
from api.analysis.models.satire import SATIRE
from api.analysis.models.weights import Weights
from schemas.assessments import Ablation, LoadedTerm
from schemas.enums import AblationKind, SpinType, Stance


class Ablator:
    """Recomputes the verdict on a text of `words` words without some of its evidence."""

    def __init__(
        self, evidence: Sequence[Evidence], words: int, effects: MeasureEffects, table: Weights
    ) -> None:
        self._evidence = evidence
        self._words = words
        self._table = table
        self._masses: dict[str, int] = {}
        for item in evidence:
            if item.mass:
                self._masses[item.detector.code] = self._masses.get(item.detector.code, 0) + item.mass
        self._fixed = table.score.base + sum(effects.features)
        # ties go to the same code as in `kinds.kind`
        self._stances = sorted(Stance, reverse=True)
        self._types = sorted(SpinType)
        codes = list(self._masses)
        self._column = {code: number for number, code in enumerate(codes)}
        forms = [*(table.stances[s] for s in self._stances), *(table.types[t] for t in self._types)]
        self._slopes = np.array([[form.detectors.get(code, 0.0) for code in codes] for form in forms])
        self._strengths = {code: strength(mass, words) for code, mass in self._masses.items()}
        self._points = self._fixed + sum(
            points_of(table.score, code, one) for code, one in self._strengths.items()
        )
        starts = [*(effects.stances[s] for s in self._stances), *(effects.types[t] for t in self._types)]
        self._logits = np.array(starts) + self._slopes @ np.array(list(self._strengths.values()))
        self._cache: dict[tuple[tuple[str, int], ...], tuple[int, SpinType]] = {}

    def without(self, omitted: Collection[int]) -> tuple[int, SpinType]:
        """Score and primary type without the evidence at these indices."""
        lost_mass: dict[str, int] = {}
        for index in set(omitted):
            item = self._evidence[index]
            if item.mass:
                lost_mass[item.detector.code] = lost_mass.get(item.detector.code, 0) + item.mass
        key = tuple(sorted(lost_mass.items()))
        if key not in self._cache:
            self._cache[key] = self._reweigh(lost_mass)
        return self._cache[key]

    def _reweigh(self, lost_mass: dict[str, int]) -> tuple[int, SpinType]:
        points, logits = self._points, self._logits
        for code, mass in lost_mass.items():
            before, now = self._strengths[code], strength(self._masses[code] - mass, self._words)
            points += points_of(self._table.score, code, now) - points_of(self._table.score, code, before)
            logits = logits + self._slopes[:, self._column[code]] * (now - before)
        score = whole_score(points)
        remaining = {code for code, mass in self._masses.items() if mass != lost_mass.get(code)}
        if SATIRE in remaining:
            return score, SpinType.NONE
        grounded = {TYPE_OF[code] for code in remaining}
        grounded.add(SpinType.NONE)
        if self._stances[int(np.argmax(logits[: len(self._stances)]))] is Stance.CRITICAL:
            grounded &= CRITICAL_TYPES
        if score <= self._table.plain:
            return score, SpinType.NONE
        typed_logits = zip(logits[len(self._stances) :].tolist(), self._types, strict=True)
        return score, max((pair for pair in typed_logits if pair[1] in grounded), key=lambda pair: pair[0])[1]


def ablations(
    evidence: Sequence[Evidence],
    findings: Sequence[Place],
    words: int,
    effects: MeasureEffects,
    table: Weights,
    terms: Sequence[LoadedTerm],
) -> list[Ablation]:
    """Ablations by finding, by loaded term and by type, and the one that changes the type."""
    ablator = Ablator(evidence, words, effects, table)
    masses = [sum(evidence[item].mass for item in place.items) for place in findings]
    kinds = [evidence[place.items[0]].detector.type for place in findings]
    counting = [number for number, mass in enumerate(masses) if mass]
    parts: list[tuple[AblationKind, list[int], SpinType | None, int | None]] = [
        (AblationKind.FINDING, [number], None, None) for number in counting
    ]
    # only findings that hold a rule on the term's words; structural ones merely surround them
    loaded = [
        (number, hit.start, hit.end)
        for number in counting
        for hit in (evidence[item].hit for item in findings[number].items if evidence[item].mass)
        if hit.loaded
    ]
    for rank, term in enumerate(terms, 1):
        covered = {
            number
            for number, start, end in loaded
            for span in term.spans
            if start < span.end and span.start < end
        }
        parts.append((AblationKind.TERM, sorted(covered), None, rank))
    for kind in SpinType:
        parts.append((AblationKind.TYPE, [n for n in counting if kinds[n] is kind], kind, None))
    _, primary = ablator.without(())
    satire = [n for n in counting if evidence[findings[n].items[0]].detector.code == SATIRE]
    weightiest = sorted(satire or [n for n in counting if kinds[n] is primary], key=lambda n: (-masses[n], n))
    parts.append((AblationKind.FLIP, _flip(ablator, findings, weightiest, primary), primary, None))
    return [_ablation(ablator, findings, *part) for part in parts if part[1]]


def _ablation(
    ablator: Ablator,
    findings: Sequence[Place],
    kind: AblationKind,
    omitted: list[int],
    type_: SpinType | None,
    term: int | None,
) -> Ablation:
    score, primary = ablator.without(items_of(findings, omitted))
    ids = [finding_id(number) for number in sorted(omitted)]
    return Ablation(kind=kind, type=type_, term=term, finding_ids=ids, score=score, primary=primary)


def items_of(findings: Sequence[Place], numbers: Iterable[int]) -> list[int]:
    """The indices of the evidence of these findings."""
    return [item for number in numbers for item in findings[number].items]


def _flip(ablator: Ablator, findings: Sequence[Place], weightiest: list[int], primary: SpinType) -> list[int]:
    """The shortest prefix of `weightiest` without which the type changes.

    A smaller set that skips some may exist.
    """
    for count in range(1, len(weightiest) + 1):
        if ablator.without(items_of(findings, weightiest[:count]))[1] is not primary:
            return weightiest[:count]
    return []
