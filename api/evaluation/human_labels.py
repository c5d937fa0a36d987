"""The model's judgement of single sentences against public labels of people, paired with the rules'.

The labels of the long texts were made with the help of language models, which flatters a model of the same kind;
these were not. Each sentence is a text of its own, so the model answers the request of a story's first call. What
answers a set's question was chosen before any figure was seen.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from api.evaluation.comparison import macro_f1
from api.evaluation.figures import Measure, PairedFigure, paired_figures
from api.evaluation.judged_texts import JudgedSentence, SentenceJudgement
from api.evaluation.public_sets import Row, babe, claimbuster, some
from api.evaluation.resampling import RESAMPLES, auc

SENTENCES: Final = 100  # of each set


@dataclass(frozen=True, slots=True)
class SentenceSet:
    """A set in a folder of this name. `areas` are measured by the area under the curve; `yes` is a yes or no.

    `published` are results of models trained on the set.
    """

    folder: str
    label: str
    rows: Callable[[Path], list[Row]]
    areas: dict[str, Callable[[SentenceJudgement], float]]
    yes: tuple[str, Callable[[SentenceJudgement], bool | None]]
    published: str

    def chosen(self, public: Path, most: int = SENTENCES) -> list[Row]:
        """At most `most` sentences, always the same. Raises OSError if the set is not in the folder `public`."""
        return list(some(self.rows(public / self.folder), most))


SETS: Final = (
    SentenceSet(
        folder="babe",
        label="BABE: biased sentence",
        rows=babe,
        areas={"points": lambda one: one.points, "loaded terms": lambda one: one.loaded},
        yes=("above the plain band", lambda one: one.steers),
        published="macro-F1 .80 best published, .74 words (five folds)",
    ),
    SentenceSet(
        folder="claimbuster",
        label="ClaimBuster: check-worthy",
        rows=claimbuster,
        areas={"claims": lambda one: one.check_worthy},
        # by rules a rank without a threshold
        yes=("any claim", lambda one: None if one.steers is None else one.check_worthy > 0),
        published="macro-F1 .84 words",
    ),
)


def human_figures(
    chosen: SentenceSet, rows: Sequence[Row], judged: Sequence[JudgedSentence], times: int = RESAMPLES
) -> list[PairedFigure]:
    """The figures of a set; `judged` are its rows in the same order."""
    measures = [
        *(Measure(f"auc_{asked}", f"{chosen.label}, AUC of {asked}") for asked in chosen.areas),
        Measure("macro_f1", f"{chosen.label}, macro-F1 of {chosen.yes[0]}"),
    ]
    labels = [row.positive for row in rows]

    def evaluated(by: Sequence[SentenceJudgement], places: Sequence[int]) -> dict[str, Any]:
        positive = np.array([labels[i] for i in places])
        found: dict[str, Any] = {
            f"auc_{asked}": auc(np.array([value(by[i]) for i in places]), positive)
            for asked, value in chosen.areas.items()
        }
        yes = [chosen.yes[1](by[i]) for i in places]
        if None not in yes:
            found["macro_f1"] = macro_f1([str(labels[i]) for i in places], [str(bool(one)) for one in yes])
        return found

    return paired_figures(
        measures,
        lambda places: evaluated([one.llm for one in judged], places),
        lambda places: evaluated([one.rules for one in judged], places),
        len(rows),
        times=times,
    )
