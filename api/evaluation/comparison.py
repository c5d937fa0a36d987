"""An assessment in flat form beside the label of its text, and the measures of agreement over many.

A text that the judge refuses, although readers score it, counts as wrong in every measure: type `none`, score 0,
nothing found. The calibration of types and intervals leaves it out.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from api.evaluation.labels import Label

_TOP_CLAIMS: Final = 4
_EVIDENCE: Final = {"none": 0, "weak": 1, "medium": 2, "strong": 3}
_REFUSED: Final[Mapping[str, Any]] = {
    "primary": "none",
    "score": 0,
    "loaded_terms": [],
    "claims": [],
    "evidence_strength": "none",
    "stance": "",
    "tactic": "",
    "confidence": 1.0,
    "interval": [0, 0],
}
# Kinds of happening that raise the same questions.
_GROUPS: Final = {
    kind: group
    for group, kinds in {
        "cuts": ("job_cuts", "closure"),
        "incident": ("incident", "recall", "apology_or_correction"),
        "terms": ("price_change", "policy_change"),
        "launch": ("launch", "update", "benchmark_or_research"),
        "money": ("funding", "earnings", "acquisition_or_merger", "partnership"),
        "law": ("lawsuit_or_fine", "regulation"),
        "quiet": (
            "how_to_or_reference",
            "review_or_deal",
            "no_event",
            "other_event",
            "appointment_or_departure",
            "profile_or_interview",
        ),
    }.items()
    for kind in kinds
}


class Comparison(Struct, kw_only=True, frozen=True):
    """One text, labelled and judged. Terms are counted in characters, claims by sentence.

    `tactic` is whether the tactic is right, None unless both name the same type. What happened is None in labels
    that do not tell it.
    """

    refused: bool
    types: tuple[str, str]
    in_top_two: bool
    scores: tuple[float, float]
    interval: tuple[float, float] | None
    confidence: float | None
    tactic: bool | None
    evidence: tuple[int, int]
    stance: bool
    terms_right: int
    terms: tuple[int, int]
    claims_right: tuple[int, int]
    claims: tuple[int, int]
    event: bool | None
    event_group: bool | None
    news: bool | None
    subject: bool | None


def compared(label: Label, judged: Mapping[str, Any]) -> Comparison:
    """`judged` is of `api.rendering.flat`; pairs are of label and judge."""
    refused = judged.get("status") == "not_scorable"
    given = _REFUSED if refused else judged
    primary = label.primary.value
    marked, found = _covered(label.text, label.loaded_terms), _covered(label.text, given["loaded_terms"])
    top, wanted = [c["text"] for c in given["claims"][:_TOP_CLAIMS]], [c.text for c in label.claims]
    both_name = primary == given["primary"] != "none" and bool(label.tactic)
    events, event = label.either("event"), str(given.get("event"))
    told = bool(label.event)
    return Comparison(
        refused=refused,
        types=(primary, given["primary"]),
        in_top_two=primary in (given["primary"], given.get("secondary")),
        scores=(label.score, float(given["score"])),
        interval=(given["interval"][0], given["interval"][1]) if given["interval"] else None,
        confidence=given["confidence"],
        tactic=_code(label.tactic) == _code(given["tactic"]) if both_name else None,
        evidence=(_EVIDENCE[label.evidence_strength], _EVIDENCE[given["evidence_strength"]]),
        stance=label.stance == given["stance"],
        terms_right=len(marked & found),
        terms=(len(marked), len(found)),
        claims_right=(_matched(wanted, top), _matched(top, wanted)),
        claims=(len(wanted), len(top)),
        event=event in events if told else None,
        event_group=_group(event) in map(_group, events) if told else None,
        news=any(same_sentence(given.get("news") or "", one) for one in label.either("news"))
        if told
        else None,
        subject=any(words(given.get("subject") or "") & words(one) for one in label.either("subject"))
        if told
        else None,
    )


def measures_of(comparisons: Sequence[Comparison]) -> dict[str, Any]:
    """The measures by code, None for those that these comparisons do not give. Raises ValueError for none."""
    if not comparisons:
        raise ValueError("nothing is compared")
    types, guesses = [c.types[0] for c in comparisons], [c.types[1] for c in comparisons]
    by_type = f1_by_class(types, guesses)
    scores, found = [c.scores[0] for c in comparisons], [c.scores[1] for c in comparisons]
    recall = _share(sum(c.claims_right[0] for c in comparisons), sum(c.claims[0] for c in comparisons))
    precision = _share(sum(c.claims_right[1] for c in comparisons), sum(c.claims[1] for c in comparisons))
    characters = sum(sum(c.terms) for c in comparisons)
    return {
        "score_spearman": spearman(scores, found),
        "score_mae": sum(abs(a - b) for a, b in zip(scores, found, strict=True)) / len(scores),
        "primary_accuracy": _mean([a == b for a, b in zip(types, guesses, strict=True)]),
        "primary_kappa": kappa(types, guesses),
        "primary_macro_f1": sum(by_type.values()) / len(by_type),
        "spin_or_none_f1": macro_f1(
            ["none" if t == "none" else "spin" for t in types],
            ["none" if t == "none" else "spin" for t in guesses],
        ),
        "primary_in_top_two": _mean([c.in_top_two for c in comparisons]),
        "tactic_accuracy": _mean([c.tactic for c in comparisons if c.tactic is not None]) or 0.0,
        "loaded_terms_f1": _share(2 * sum(c.terms_right for c in comparisons), characters),
        "claims_precision": precision,
        "claims_recall": recall,
        "claims_f1": 2 * precision * recall / (precision + recall) if precision + recall else 0.0,
        "evidence_spearman": spearman(
            [float(c.evidence[0]) for c in comparisons], [float(c.evidence[1]) for c in comparisons]
        ),
        "stance_accuracy": _mean([c.stance for c in comparisons]),
        "event_accuracy": _mean([c.event for c in comparisons if c.event is not None]),
        "event_group_accuracy": _mean([c.event_group for c in comparisons if c.event_group is not None]),
        "news_found": _mean([c.news for c in comparisons if c.news is not None]),
        "subject_found": _mean([c.subject for c in comparisons if c.subject is not None]),
        **_calibration([c for c in comparisons if not c.refused]),
        **{f"f1_{kind}": value for kind, value in by_type.items()},
    }


def f1_by_class(gold: Sequence[str], found: Sequence[str]) -> dict[str, float]:
    """F1 of each class that occurs in `gold`."""
    right = Counter(a for a, b in zip(gold, found, strict=True) if a == b)
    sizes, guessed = Counter(gold), Counter(found)
    return {kind: 2 * right[kind] / (sizes[kind] + guessed[kind]) for kind in sorted(sizes)}


def macro_f1(gold: Sequence[str], found: Sequence[str]) -> float:
    """The mean F1 of the classes that occur in `gold`."""
    by_class = f1_by_class(gold, found)
    return sum(by_class.values()) / len(by_class)


def kappa(gold: Sequence[str], found: Sequence[str]) -> float:
    """Cohen's kappa; 0 if chance alone gives full agreement."""
    n = len(gold)
    observed = sum(a == b for a, b in zip(gold, found, strict=True)) / n
    sizes, guessed = Counter(gold), Counter(found)
    chance = sum(sizes[kind] * guessed[kind] for kind in sizes) / n**2
    return (observed - chance) / (1 - chance) if chance < 1 else 0.0


def spearman(first: Sequence[float], second: Sequence[float]) -> float:
    """Spearman's rank correlation, ties at their mean rank; 0 if one side is constant."""
    a, b = _ranks(first), _ranks(second)
    a, b = a - a.mean(), b - b.mean()
    spread = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / spread if spread else 0.0


def same_sentence(a: str, b: str) -> bool:
    """Whether at least half of their words are common (Jaccard)."""
    own, other = words(a), words(b)
    return bool(own | other) and len(own & other) / len(own | other) >= 0.5


@cache
def words(sentence: str) -> frozenset[str]:
    """In lower case."""
    return frozenset("".join(c.lower() if c.isalnum() else " " for c in sentence).split())


def _calibration(judged: Sequence[Comparison]) -> dict[str, float | None]:
    """Expected calibration error of the types in ten groups, coverage and mean width of the intervals."""
    found: dict[str, float | None] = dict.fromkeys(
        ("primary_ece", "score_interval_coverage", "score_interval_width")
    )
    sure = sorted(
        ((c.confidence, c.types[0] == c.types[1]) for c in judged if c.confidence is not None),
        key=lambda one: one[0],
    )
    n = len(judged)
    if n and len(sure) == n:
        tenths = [sure[n * k // 10 : n * (k + 1) // 10] for k in range(10)]
        found["primary_ece"] = (
            sum(abs(sum(c for c, _ in tenth) - sum(right for _, right in tenth)) for tenth in tenths) / n
        )
    intervals = [(c.interval, c.scores[0]) for c in judged if c.interval is not None]
    if n and len(intervals) == n:
        found["score_interval_coverage"] = sum(low <= score <= high for (low, high), score in intervals) / n
        found["score_interval_width"] = sum(high - low for (low, high), _ in intervals) / n
    return found


def _ranks(values: Sequence[float]) -> NDArray[np.float64]:
    _, places, counts = np.unique(np.array(values), return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks: NDArray[np.float64] = (ends - (counts + 1) / 2)[places]
    return ranks


def _covered(text: str, terms: Sequence[str]) -> set[int]:
    """The characters of all occurrences of the terms."""
    characters: set[int] = set()
    for term in filter(None, terms):
        at = text.find(term)
        while at >= 0:
            characters.update(range(at, at + len(term)))
            at = text.find(term, at + 1)
    return characters


def _matched(wanted: Sequence[str], among: Sequence[str]) -> int:
    return sum(any(same_sentence(one, other) for other in among) for one in wanted)


def _group(event: str) -> str:
    return _GROUPS.get(event, event)


def _code(name: object) -> str:
    return str(name).lower().replace(" ", "_").replace("-", "_")


def _mean(values: Sequence[bool]) -> float | None:
    return sum(values) / len(values) if values else None


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
