"""Agreement with the labelled stories by the evaluation script, with bootstrap intervals."""

import importlib.util
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from api.evaluation.figures import MEASURES, Figure, Measure, figures
from api.evaluation.resampling import RESAMPLES
from tests.benchmarks.labelled import Labelled
from tests.benchmarks.verdicts import Verdicts

Row = dict[str, Any]
Evaluate = Callable[[dict[str, Row], dict[str, Row]], dict[str, Any]]

PART = "gold"


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

    def of(places: Sequence[int]) -> Row:
        result = evaluated([scorable[i] for i in places], predicted, evaluate)
        return result | {f"f1_{kind}": value for kind, value in result["primary_f1"].items()}

    kinds = [
        Measure(code, f"F1 of {code[3:]}", slack=None)
        for code in of(range(len(scorable)))
        if code[:3] == "f1_"
    ]
    return figures([*MEASURES, *kinds], of, len(scorable), part=part, times=times)


def evaluated(stories: Sequence[Labelled], predicted: dict[str, Row], evaluate: Evaluate) -> dict[str, Any]:
    """The evaluation of a draw, which may contain a story several times."""
    numbered = [(str(number), story) for number, story in enumerate(stories)]
    return evaluate(
        {name: story.label for name, story in numbered},
        {name: predicted[story.id] for name, story in numbered},
    )
