"""What would change a verdict: the score and the type without some of its findings, exactly.

The remaining findings are weighed again; the text is not read again (design Decisions 2). A finding that is
left out frees its share of its detector's damped total, so its effect is not simply its own points. The answer
is what the engine says of the same article when rulings dismiss those findings; a test holds it to that.

Only a detector's total mass enters the weighing, so what remains is weighed as one piece of evidence a detector,
and equal remains once: the time grows with the number of findings, not with its square.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import TypeAlias

from api.analysis.evidence import Evidence
from api.analysis.kinds import Kind
from api.analysis.ledger import finding_id
from api.analysis.scoring import Scored
from schemas.assessments import Ablation, LoadedTerm
from schemas.enums import AblationKind, SpinType

Weigh: TypeAlias = Callable[[list[Evidence]], tuple[Scored, Kind]]


class Remains:
    """What one text would be judged to be without some of its evidence; `weigh` judges any evidence of it."""

    def __init__(self, evidence: Sequence[Evidence], weigh: Weigh) -> None:
        self._evidence = evidence
        self._weigh = weigh
        self._whole: dict[str, Evidence] = {}  # one piece a detector, with the detector's whole mass
        for item in evidence:
            known = self._whole.get(item.detector.code)
            self._whole[item.detector.code] = replace(item, mass=item.mass + (known.mass if known else 0))
        self._weighed: dict[tuple[tuple[str, int], ...], tuple[int, SpinType]] = {}

    def without(self, left_out: Collection[int]) -> tuple[int, SpinType]:
        """Score and primary type without the evidence at these places of the list."""
        lost: dict[str, int] = {}
        for number in set(left_out):
            item = self._evidence[number]
            lost[item.detector.code] = lost.get(item.detector.code, 0) + item.mass
        key = tuple(sorted(lost.items()))
        if key not in self._weighed:
            rest = [replace(item, mass=item.mass - lost.get(code, 0)) for code, item in self._whole.items()]
            scored, said = self._weigh(rest)
            self._weighed[key] = (scored.score, said.primary)
        return self._weighed[key]


def ablations(evidence: Sequence[Evidence], weigh: Weigh, terms: Sequence[LoadedTerm]) -> list[Ablation]:
    """Each finding that counts, each loaded term, each type's findings together, and what flips the type."""
    remains = Remains(evidence, weigh)
    counting = [number for number, item in enumerate(evidence) if item.mass]
    parts: list[tuple[AblationKind, list[int], SpinType | None, int | None]] = [
        (AblationKind.FINDING, [number], None, None) for number in counting
    ]
    for place, term in enumerate(terms, 1):
        parts.append((AblationKind.TERM, [n for n in counting if _lives_by(evidence[n], term)], None, place))
    for kind in SpinType:
        parts.append(
            (AblationKind.TYPE, [n for n in counting if evidence[n].detector.type is kind], kind, None)
        )
    _, primary = remains.without(())
    own = [n for n in counting if evidence[n].detector.type is primary]
    own.sort(key=lambda n: (-evidence[n].mass, n))
    parts.append((AblationKind.FLIP, _flip(remains, own, primary), primary, None))
    return [_ablation(remains, *part) for part in parts if part[1]]


def _ablation(
    remains: Remains, kind: AblationKind, left_out: list[int], type_: SpinType | None, term: int | None
) -> Ablation:
    score, primary = remains.without(left_out)
    ids = [finding_id(number) for number in sorted(left_out)]
    return Ablation(kind=kind, type=type_, term=term, finding_ids=ids, score=score, primary=primary)


def _lives_by(item: Evidence, term: LoadedTerm) -> bool:
    """Whether the finding is made of the term's words; one on a sentence's build only stands around them."""
    hit = item.hit
    return hit.loaded and any(hit.start < span.end and span.start < hit.end for span in term.spans)


def _flip(remains: Remains, weightiest: list[int], primary: SpinType) -> list[int]:
    """The fewest of `weightiest`, from its front, without which the type is another.

    A smaller set that skips some may exist.
    """
    for many in range(1, len(weightiest) + 1):
        if remains.without(weightiest[:many])[1] is not primary:
            return weightiest[:many]
    return []
