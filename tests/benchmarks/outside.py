"""Outputs for single sentences against public labels of texts that were not used in tuning.

The output of each check was chosen before any figure was seen. The figure is the area under the curve, so no
threshold is fitted.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from api.evaluation.figures import Figure
from api.evaluation.public_sets import Row, babe, claimbuster
from api.evaluation.resampling import auc, interval, resamples
from api.evaluation.sentence_output import SentenceOutput, check_worthy, loaded, points
from schemas.enums import SpinType
from tests.benchmarks import public_sets
from tests.benchmarks.verdicts import Verdicts

PART = "outside"

Output = Callable[[Sequence[SentenceOutput]], float]


def causal(outputs: Sequence[SentenceOutput]) -> float:
    return max((o.causal for o in outputs), default=0.0)


def of_type(kind: SpinType) -> Output:
    return lambda outputs: float(sum(o.types.get(kind, 0) for o in outputs))


@dataclass(frozen=True, slots=True)
class Check:
    """A set, its question, the output that answers it, and published results of models trained on it."""

    code: str
    label: str
    folder: str
    rows: Callable[[Path], list[Row]]
    output: Output
    asked: str
    others: str


CHECKS = (
    Check(
        "babe_points",
        "BABE: biased sentence",
        "babe",
        babe,
        points,
        "points",
        "AUC .81 words, .85 with sentence vectors; macro-F1 .80 best published, .74 words (five folds)",
    ),
    Check(
        "babe_loaded",
        "BABE: biased sentence",
        "babe",
        babe,
        loaded,
        "loaded",
        "as above",
    ),
    Check(
        "claimbuster",
        "ClaimBuster test: check-worthy",
        "claimbuster",
        claimbuster,
        check_worthy,
        "check_worthy",
        "macro-F1 .84 words",
    ),
    Check(
        "causal_claims",
        "Press releases: direct causal claim or none",
        "causal_claim_strength",
        public_sets.causal_claims,
        causal,
        "causal",
        "macro-F1 .89 BioBERT, .73 words (four classes, five folds)",
    ),
    Check(
        "shop_urgency",
        "Shop texts: urgency or any other",
        "ec_darkpattern",
        public_sets.shop_urgency,
        of_type(SpinType.STAMPEDE),
        "Stampede points",
        "F1 .98 RoBERTa, .96 words (any dark pattern or none, five folds)",
    ),
    Check(
        "environmental_claims",
        "Environmental Claims test: virtue claim",
        "environmental_claims",
        public_sets.environmental_claims,
        of_type(SpinType.HALO),
        "Halo points",
        "F1 .77, macro-F1 .84 words",
    ),
    Check(
        "job_euphemisms",
        "Euphemisms of employment, test",
        "euphemism_pets",
        public_sets.job_euphemisms,
        of_type(SpinType.CUSHION),
        "Cushion points",
        "macro-F1 .53 words (trained on other terms)",
    ),
    Check(
        "evasive_answers",
        "SubjECTive-QA test: answer not specific",
        "subjective_qa",
        public_sets.evasive_answers,
        of_type(SpinType.FOG),
        "Fog points",
        "weighted F1 .47 GPT-4o, .32 the commonest class (three classes)",
    ),
    Check(
        "any_technique",
        "SemEval-2023 task 3: any technique",
        "semeval2023_task3_en",
        public_sets.any_technique,
        points,
        "points",
        "macro-F1 .71 words (five folds by article)",
    ),
    Check(
        "loaded_language",
        "SemEval-2023 task 3: loaded language",
        "semeval2023_task3_en",
        public_sets.loaded_language,
        loaded,
        "loaded",
        "micro-F1 .38 words (19 techniques together)",
    ),
)


class Outputs:
    """Cached outputs of each text."""

    def __init__(self, verdicts: Verdicts) -> None:
        self._verdicts = verdicts
        self._cache: dict[str, list[SentenceOutput]] = {}

    def of(self, text: str) -> list[SentenceOutput]:
        if text not in self._cache:
            self._cache[text] = self._verdicts.outputs(text, self._verdicts.taxonomy)
        return self._cache[text]


def outside_figure(check: Check, rows: Sequence[Row], outputs: Outputs) -> Figure:
    """The area under the curve of one check; its interval resamples whole groups if rows have groups."""
    values = np.array([check.output(outputs.of(row.text)) for row in rows])
    positive = np.array([row.positive for row in rows])
    groups = [row.group for row in rows] if any(row.group for row in rows) else None
    low, high = interval([auc(values[p], positive[p]) for p in resamples(len(rows), groups)])
    return Figure(
        part=PART,
        code=check.code,
        label=f"{check.label}, AUC of {check.asked}",
        value=auc(values, positive),
        n=len(rows),
        low=low,
        high=high,
    )
