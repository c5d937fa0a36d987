"""Figures with bootstrap intervals, of one judge or of two on the same records."""

from collections.abc import Callable, Mapping, Sequence
from math import isnan, nan
from typing import Any, Final, Literal, TypeAlias

import numpy as np
from msgspec import Struct

from api.evaluation.resampling import RESAMPLES, interval, resamples

Better: TypeAlias = Literal["higher", "lower"]
SLACK: Final = 0.02  # accepted loss against the recorded figure
MAE_SLACK: Final = 0.3  # score points

# The result on the records at these places, by code; a draw may contain a place several times.
Evaluated: TypeAlias = Callable[[Sequence[int]], Mapping[str, Any]]


class Figure(Struct, kw_only=True, frozen=True):
    """One number over `n` records with its 95 % interval.

    `slack` is the accepted loss against the recorded figure; None if the figure is only shown.
    """

    part: str
    code: str
    label: str
    value: float
    n: int
    low: float | None = None
    high: float | None = None
    better: Better = "higher"
    slack: float | None = SLACK

    @property
    def key(self) -> str:
        return f"{self.part}/{self.code}"


class PairedFigure(Struct, kw_only=True, frozen=True):
    """A figure of two judges on the same `n` records.

    `difference` is this judge's less the other's; its standard error is that of the bootstrap, in which both have
    the same draws. The other figures are None if the other judge does not give the measure.
    """

    code: str
    label: str
    n: int
    better: Better
    value: float
    low: float
    high: float
    other: float | None
    difference: float | None
    standard_error: float | None


class Measure(Struct, frozen=True):
    """One measure of agreement; `slack` is None if it is only shown."""

    code: str
    label: str
    better: Better = "higher"
    slack: float | None = SLACK


MEASURES: Final = (
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


def figures(
    measures: Sequence[Measure], evaluated: Evaluated, n: int, *, part: str, times: int = RESAMPLES
) -> list[Figure]:
    """The figures of a judge on n records. Measures without a result on all of them are left out."""
    whole = evaluated(range(n))
    drawn = [evaluated([int(place) for place in places]) for places in resamples(n, times=times)]
    found = []
    for measure in measures:
        value = whole.get(measure.code)
        if value is not None:
            low, high = interval(_values(drawn, measure.code))
            found.append(
                Figure(
                    part=part,
                    code=measure.code,
                    label=measure.label,
                    value=float(value),
                    n=n,
                    low=low,
                    high=high,
                    better=measure.better,
                    slack=measure.slack,
                )
            )
    return found


def paired_figures(
    measures: Sequence[Measure], evaluated: Evaluated, other: Evaluated, n: int, times: int = RESAMPLES
) -> list[PairedFigure]:
    """The figures of two judges on the same n records. Measures that the first does not give are left out."""
    draws = [[int(place) for place in places] for places in resamples(n, times=times)]
    whole, whole_other = evaluated(range(n)), other(range(n))
    drawn, drawn_other = [evaluated(places) for places in draws], [other(places) for places in draws]
    found = []
    for measure in measures:
        value, compared = whole.get(measure.code), whole_other.get(measure.code)
        if value is None or isnan(value):
            continue
        values = _values(drawn, measure.code)
        low, high = interval(values)
        error = None
        if compared is not None:
            error = float(np.nanstd(np.array(values) - np.array(_values(drawn_other, measure.code))))
        found.append(
            PairedFigure(
                code=measure.code,
                label=measure.label,
                n=n,
                better=measure.better,
                value=float(value),
                low=low,
                high=high,
                other=None if compared is None else float(compared),
                difference=None if compared is None else float(value) - float(compared),
                standard_error=error,
            )
        )
    return found


def _values(drawn: Sequence[Mapping[str, Any]], code: str) -> list[float]:
    return [nan if (value := one.get(code)) is None else float(value) for one in drawn]
