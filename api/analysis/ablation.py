"""What would change this verdict: the score and the type without some of the findings, exactly.

The remaining findings are weighed again; the text is not read again (design Decisions 2). A finding that is
left out frees its share of the damped total, so its effect is not simply its own points.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

from api.analysis.ledger import finding_id
from api.analysis.spin import Grounds, weigh
from schemas.enums import SpinType


@dataclass(frozen=True, slots=True)
class Without:
    """Score and primary type that the text would have had without the findings `left_out`."""

    left_out: tuple[str, ...]
    score: int
    primary: SpinType


def without(grounds: Grounds, left_out: Collection[str]) -> Without:
    """Leave out findings by id (`f1` ...). Raises ValueError for an id that the text does not have."""
    ids = [finding_id(i) for i in range(len(grounds.evidence))]
    if unknown := sorted(set(left_out) - set(ids)):
        raise ValueError(f"no such finding: {', '.join(unknown)}")
    evidence = [
        replace(item, mass=0) if name in left_out else item
        for name, item in zip(ids, grounds.evidence, strict=True)
    ]
    scored, said = weigh(replace(grounds, evidence=evidence))
    return Without(tuple(name for name in ids if name in left_out), scored.score, said.primary)


def each_without(grounds: Grounds) -> list[Without]:
    """`without` for every finding that counts, in the order of the text. Time grows with its square."""
    return [without(grounds, [finding_id(i)]) for i, e in enumerate(grounds.evidence) if e.mass]


def smallest_flip(grounds: Grounds) -> Without | None:
    """Findings of the primary type, weightiest first, left out until the type changes; None for `none`.

    Greedy, so a smaller set may exist.
    """
    _, said = weigh(grounds)
    own = [i for i, e in enumerate(grounds.evidence) if e.mass and e.detector.type is said.primary]
    own.sort(key=lambda i: (-grounds.evidence[i].mass, i))
    left_out: list[str] = []
    for i in own:
        left_out.append(finding_id(i))
        result = without(grounds, left_out)
        if result.primary is not said.primary:
            return result
    return None
