"""What would change a verdict: the score and the type without some of its findings, exactly.

The remaining findings are weighed again; the text is not read again, as with a ruling that dismisses them. A
finding that is left out frees its share of its detector's damped total, so its effect is not simply its own
points. The answer is what the engine says of the same article when rulings dismiss those findings; a test holds
it to that.

Only a detector's total mass enters the weighing, so what is weighed again is a few numbers, and equal remains
once: the time grows with the number of findings, not with its square.

Ablations are computed with the verdict and stored. Score and type without each finding, each loaded term and
each type take one to four milliseconds a story beside the hundred of its reading, and up to a tenth of the
verdict's bytes. Computed on request they would need the parse, which the API's processes do not load. Since
they are defined by rulings, they tell what an appeal would change before it is made.
"""

from collections.abc import Collection, Sequence

import numpy as np

from api.analysis.framing.evidence import Evidence, strength
from api.analysis.framing.kinds import CRITICAL_TYPES, TYPE_OF
from api.analysis.framing.ledger import finding_id
from api.analysis.framing.scoring import Heard, points_of, whole_score
from api.analysis.models.satire import SATIRE
from api.analysis.models.weights import Weights
from schemas.assessments import Ablation, LoadedTerm
from schemas.enums import AblationKind, SpinType, Stance


class Remains:
    """What one text of `words` words would be judged to be without some of its evidence."""

    def __init__(self, evidence: Sequence[Evidence], words: int, heard: Heard, table: Weights) -> None:
        self._evidence = evidence
        self._words = words
        self._table = table
        self._mass: dict[str, int] = {}
        for item in evidence:
            if item.mass:
                self._mass[item.detector.code] = self._mass.get(item.detector.code, 0) + item.mass
        self._fixed = table.score.base + sum(heard.features)
        # ties go to the same code as in `kinds.kind`
        self._stances = sorted(Stance, reverse=True)
        self._types = sorted(SpinType)
        codes = list(self._mass)
        self._column = {code: number for number, code in enumerate(codes)}
        forms = [*(table.stances[s] for s in self._stances), *(table.types[t] for t in self._types)]
        self._slopes = np.array([[form.detectors.get(code, 0.0) for code in codes] for form in forms])
        self._found = {code: strength(mass, words) for code, mass in self._mass.items()}
        self._points = self._fixed + sum(
            points_of(table.score, code, one) for code, one in self._found.items()
        )
        starts = [*(heard.stances[s] for s in self._stances), *(heard.types[t] for t in self._types)]
        self._logits = np.array(starts) + self._slopes @ np.array(list(self._found.values()))
        self._weighed: dict[tuple[tuple[str, int], ...], tuple[int, SpinType]] = {}

    def without(self, left_out: Collection[int]) -> tuple[int, SpinType]:
        """Score and primary type without the evidence at these places of the list."""
        lost: dict[str, int] = {}
        for number in set(left_out):
            item = self._evidence[number]
            if item.mass:
                lost[item.detector.code] = lost.get(item.detector.code, 0) + item.mass
        key = tuple(sorted(lost.items()))
        if key not in self._weighed:
            self._weighed[key] = self._weigh(lost)
        return self._weighed[key]

    def _weigh(self, lost: dict[str, int]) -> tuple[int, SpinType]:
        points, logits = self._points, self._logits
        for code, mass in lost.items():
            before, now = self._found[code], strength(self._mass[code] - mass, self._words)
            points += points_of(self._table.score, code, now) - points_of(self._table.score, code, before)
            logits = logits + self._slopes[:, self._column[code]] * (now - before)
        score = whole_score(points)
        left = {code for code, mass in self._mass.items() if mass != lost.get(code)}
        if SATIRE in left:
            return score, SpinType.NONE
        grounded = {TYPE_OF[code] for code in left}
        grounded.add(SpinType.NONE)
        if self._stances[int(np.argmax(logits[: len(self._stances)]))] is Stance.CRITICAL:
            grounded &= CRITICAL_TYPES
        if score <= self._table.plain:
            return score, SpinType.NONE
        said = zip(logits[len(self._stances) :].tolist(), self._types, strict=True)
        return score, max((pair for pair in said if pair[1] in grounded), key=lambda pair: pair[0])[1]


def ablations(
    evidence: Sequence[Evidence], words: int, heard: Heard, table: Weights, terms: Sequence[LoadedTerm]
) -> list[Ablation]:
    """Each finding that counts, each loaded term, each type's findings together, and what flips the type."""
    remains = Remains(evidence, words, heard, table)
    counting = [number for number, item in enumerate(evidence) if item.mass]
    parts: list[tuple[AblationKind, list[int], SpinType | None, int | None]] = [
        (AblationKind.FINDING, [number], None, None) for number in counting
    ]
    # a finding is made of the term's words; one on a sentence's build only stands around them
    hits = [(n, evidence[n].hit.start, evidence[n].hit.end) for n in counting if evidence[n].hit.loaded]
    for place, term in enumerate(terms, 1):
        spans = [(span.start, span.end) for span in term.spans]
        lost = {n for low, high in spans for n, start, end in hits if start < high and low < end}
        parts.append((AblationKind.TERM, sorted(lost), None, place))
    for kind in SpinType:
        parts.append(
            (AblationKind.TYPE, [n for n in counting if evidence[n].detector.type is kind], kind, None)
        )
    _, primary = remains.without(())
    own = [n for n in counting if evidence[n].detector.type is primary or evidence[n].detector.code == SATIRE]
    own.sort(key=lambda n: (-evidence[n].mass, n))
    parts.append((AblationKind.FLIP, _flip(remains, own, primary), primary, None))
    return [_ablation(remains, *part) for part in parts if part[1]]


def _ablation(
    remains: Remains, kind: AblationKind, left_out: list[int], type_: SpinType | None, term: int | None
) -> Ablation:
    score, primary = remains.without(left_out)
    ids = [finding_id(number) for number in sorted(left_out)]
    return Ablation(kind=kind, type=type_, term=term, finding_ids=ids, score=score, primary=primary)


def _flip(remains: Remains, weightiest: list[int], primary: SpinType) -> list[int]:
    """The fewest of `weightiest`, from its front, without which the type is another.

    A smaller set that skips some may exist.
    """
    for many in range(1, len(weightiest) + 1):
        if remains.without(weightiest[:many])[1] is not primary:
            return weightiest[:many]
    return []
