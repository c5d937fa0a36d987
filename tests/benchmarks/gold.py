"""Agreement with the labelled stories by the evaluation script, with bootstrap intervals."""

import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from math import nan
from pathlib import Path
from typing import Any

from tests.benchmarks.figures import SLACK, Better, Figure
from tests.benchmarks.labelled import Labelled
from tests.benchmarks.resampling import RESAMPLES, interval, resamples
from tests.benchmarks.verdicts import Verdicts

Row = dict[str, Any]
Evaluate = Callable[[dict[str, Row], dict[str, Row]], dict[str, Any]]

PART = "gold"
MAE_SLACK = 0.3  # score points


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of the evaluation; `slack` is None if it is only shown."""

    code: str
    label: str
    better: Better = "higher"
    slack: float | None = SLACK


MEASURES = (
    Measure("score_spearman", "score, Spearman"),
    Measure("score_mae", "score, mean absolute error", "lower", MAE_SLACK),
    Measure("primary_accuracy", "primary type, accuracy"),
    Measure("primary_kappa", "primary type, kappa"),
    Measure("primary_macro_f1", "primary type, macro-F1"),
    Measure("spin_or_none_f1", "spin or none, macro-F1"),
    Measure("primary_in_top_two", "primary type among the first two"),
    Measure("tactic_accuracy", "tactic where the type is right, accuracy"),
    Measure("loaded_terms_f1", "loaded terms, character F1"),
    Measure("claims_f1", "central claims, F1"),
    Measure("claims_precision", "central claims, precision"),
    Measure("claims_recall", "central claims, recall"),
    Measure("evidence_spearman", "evidence strength, Spearman"),
    Measure("stance_accuracy", "stance, accuracy"),
    Measure("event_accuracy", "kind of happening, accuracy"),
    Measure("news_found", "sentence that tells the news"),
    Measure("subject_found", "who acts", slack=None),
    Measure("primary_ece", "confidence, expected calibration error", "lower"),
    Measure("score_interval_coverage", "90 % interval, coverage"),
    Measure("score_interval_width", "90 % interval, mean width", "lower", None),
)


def load_evaluate(script: Path) -> Evaluate:
    """The function `evaluate(labels, predictions)` of the script. Raises OSError if the file is missing."""
    spec = importlib.util.spec_from_file_location("evaluate", script)
    if spec is None or spec.loader is None:
        raise OSError(f"{script} cannot be loaded")
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if hasattr(module, "words"):
        # takes most of the time, and a thousand draws repeat the same few sentences
        module.words = cache(module.words)
    return module.evaluate


def predictions(stories: Sequence[Labelled], verdicts: Verdicts) -> dict[str, Row]:
    return {story.id: {"id": story.id, **verdicts.flat(story.article)} for story in stories}


def gold_figures(
    stories: Sequence[Labelled],
    predicted: dict[str, Row],
    evaluate: Evaluate,
    times: int = RESAMPLES,
    part: str = PART,
) -> list[Figure]:
    """Every measure over the scorable stories, and F1 of each type (only shown, since each has few stories)."""
    scorable = [story for story in stories if story.scorable]
    whole = evaluated(scorable, predicted, evaluate)
    drawn = [
        evaluated([scorable[i] for i in places], predicted, evaluate)
        for places in resamples(len(scorable), times=times)
    ]
    kinds = [Measure(f"f1_{kind}", f"F1 of {kind}", slack=None) for kind in whole["primary_f1"]]
    found = []
    for measure in (*MEASURES, *kinds):
        value = _value(whole, measure.code)
        if value is None:
            continue
        low, high = interval([nan if v is None else v for v in [_value(one, measure.code) for one in drawn]])
        found.append(
            Figure(
                part=part,
                code=measure.code,
                label=measure.label,
                value=value,
                n=len(scorable),
                low=low,
                high=high,
                better=measure.better,
                slack=measure.slack,
            )
        )
    return found


def evaluated(stories: Sequence[Labelled], predicted: dict[str, Row], evaluate: Evaluate) -> dict[str, Any]:
    """The evaluation of a draw, which may contain a story several times."""
    numbered = [(str(number), story) for number, story in enumerate(stories)]
    return evaluate(
        {name: story.label for name, story in numbered},
        {name: predicted[story.id] for name, story in numbered},
    )


def _value(result: dict[str, Any], code: str) -> float | None:
    value = result["primary_f1"].get(code[3:]) if code.startswith("f1_") else result.get(code)
    return None if value is None else float(value)
