"""The weights of one detector, added to a table whose other weights stay fixed.

A ridge regression of the residuals of the shipped weights on labelled stories: one weight for the score, and one
for each type, stance and tactic of its type (one step of backfitting, Hastie and Tibshirani 1986). The prior's
spread is estimated from the shipped weights of the same kind (Lindley and Smith 1972), so few findings move a
weight little. The least weight for the score is that of the full fit (`training.py`).

Limits: the shipped weights have seen these stories, so residuals and new weights are rather small; temperature
and interval stay those of the last full fit.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from api.analysis.framing.detector import Detector
from api.analysis.framing.evidence import ALL_DETECTORS
from api.analysis.framing.kinds import TYPE_OF, Kind, kind
from api.analysis.framing.scoring import HUNDRED, logit, measure_effects, points_of, whole_score
from api.analysis.framing.unfitted import unfitted
from api.analysis.models.weights import Linear, Weights
from api.training.multinomial import added_column
from api.training.reading_cache import DetectorResult, OtherResults
from api.training.training import DIGITS, LEAST, RARE
from schemas.enums import SpinType, Stance

Matrix = NDArray[np.float64]
_LEAST_SQUARE = 1e-8  # keeps the penalty finite if all weights are 0


class FindsNothing(ValueError):
    """The detector finds nothing in the labelled stories."""


@dataclass(frozen=True)
class Story:
    """A story as analysed and labelled. `tactic` is a code or None; `weight` as in the full fit."""

    id: str
    read: DetectorResult
    score: float
    primary: SpinType
    stance: Stance
    tactic: str | None
    weight: float


@dataclass(frozen=True)
class Column:
    """The weights of one detector as in the file. `asked`: points per unit before the lower bound."""

    points: int
    asked: float
    types: dict[SpinType, float]
    stances: dict[Stance, float]
    tactics: dict[str, float]


@dataclass(frozen=True)
class Judged:
    """The score and kind of a story by a table of weights."""

    score: int
    kind: Kind


def without(table: Weights, code: str) -> Weights:
    """The table without this detector."""

    def cut(form: Linear) -> Linear:
        return replace(form, detectors={c: v for c, v in form.detectors.items() if c != code})

    return replace(
        table,
        score=replace(table.score, detectors={c: v for c, v in table.score.detectors.items() if c != code}),
        types={name: cut(form) for name, form in table.types.items()},
        stances={name: cut(form) for name, form in table.stances.items()},
        tactics={name: cut(form) for name, form in table.tactics.items()},
    )


def with_type_weight(table: Weights, detector: Detector) -> Weights:
    """The full engine's table with this detector, whose findings count like all of its type."""
    points = next(
        points
        for code, points in table.score.detectors.items()
        if TYPE_OF.get(code) is detector.type and code != detector.code
    )
    order = [d.code for d in ALL_DETECTORS]
    weighted = _in_order({**table.score.detectors, detector.code: points}, order)
    return replace(table, score=replace(table.score, detectors=weighted))


def with_column(table: Weights, code: str, column: Column) -> Weights:
    """The table with this column, in the order of a full fit."""
    order = [d.code for d in ALL_DETECTORS]

    def put(form: Linear, value: float | None) -> Linear:
        if value is None:
            return form
        return replace(form, detectors=_in_order({**form.detectors, code: value}, order))

    points = _in_order({**table.score.detectors, code: column.points}, order)
    return replace(
        table,
        score=replace(table.score, detectors=points),
        types={name: put(form, column.types[name]) for name, form in table.types.items()},
        stances={name: put(form, column.stances[name]) for name, form in table.stances.items()},
        tactics={name: put(form, column.tactics.get(name)) for name, form in table.tactics.items()},
    )


def _in_order(values: dict[str, Any], order: Sequence[str]) -> dict[str, Any]:
    """Codes without a detector stay at the end."""
    places = {code: place for place, code in enumerate(order)}
    return dict(sorted(values.items(), key=lambda pair: places.get(pair[0], len(order))))


def fit_column(detector: Detector, stories: Sequence[Story], table: Weights) -> Column:
    """Fit the detector's column to the stories beside `table`, which lacks the detector.

    Deterministic. Raises FindsNothing.
    """
    if not any(story.read.strength for story in stories):
        raise FindsNothing(
            f"{detector.code} finds nothing in {len(stories)} labelled stories, so nothing can be learned of it. "
            "No weights are written."
        )
    strength = np.array([story.read.strength for story in stories])
    weight = np.array([story.weight for story in stories])
    points = [min(max(_raw(story.read.others, table) / HUNDRED, 0.0), 100.0) for story in stories]
    residuals = np.array([story.score for story in stories]) - np.array(points)
    prior_square = _mean_square(points / HUNDRED for points in table.score.detectors.values())
    asked = _slope(strength, residuals, weight, prior_square)
    types, stances = list(table.types), list(table.stances)
    type_numbers = np.array([types.index(story.primary) for story in stories])
    count = np.bincount(type_numbers, weight, len(types)) + 1e-9
    rare = weight * ((count.mean() / count) ** RARE)[type_numbers]
    effects = [measure_effects(story.read.others.measured(), table) for story in stories]
    found = [_known(story.read.others, table) for story in stories]
    of_types = np.array(
        [[logit(table.types[t], h.types[t], f) for t in types] for h, f in zip(effects, found, strict=True)]
    )
    of_stances = np.array(
        [
            [logit(table.stances[s], h.stances[s], f) for s in stances]
            for h, f in zip(effects, found, strict=True)
        ]
    )
    stance_numbers = np.array([stances.index(story.stance) for story in stories])
    return Column(
        points=max(round(HUNDRED * asked), round(HUNDRED * LEAST)),
        asked=asked,
        types=_rounded(types, added_column(strength, of_types, type_numbers, rare, _ridge(table.types))),
        stances=_rounded(
            stances, added_column(strength, of_stances, stance_numbers, weight, _ridge(table.stances))
        ),
        tactics=_tactics(detector, stories, table),
    )


def _slope(strength: Matrix, residuals: Matrix, weight: Matrix, prior_square: float) -> float:
    """Points per unit of strength; `prior_square` is the expected mean square. A fitted base is discarded."""
    x = strength - np.average(strength, weights=weight)
    rest = residuals - np.average(residuals, weights=weight)
    noise = float(np.average(rest * rest, weights=weight))
    return float((weight * x) @ rest / ((weight * x) @ x + noise / prior_square))


def _ridge(forms: Mapping[Any, Linear]) -> float:
    """The penalty whose prior is the size of the detectors' weights in these logits."""
    return 1 / _mean_square(value for form in forms.values() for value in form.detectors.values())


def _mean_square(values: Iterable[float]) -> float:
    squares = [value * value for value in values]
    return max(sum(squares) / len(squares), _LEAST_SQUARE) if squares else _LEAST_SQUARE


def _tactics(detector: Detector, stories: Sequence[Story], table: Weights) -> dict[str, float]:
    """A weight for each tactic of the detector's type, fitted to stories of that type only."""
    own = {d.tactic for d in ALL_DETECTORS if d.type is detector.type and d.tactic} | {detector.tactic or ""}
    tactics = [tactic for tactic in table.tactics if tactic in own]
    of_type = [s for s in stories if s.primary is detector.type and s.tactic in tactics]
    if not of_type:
        return dict.fromkeys(tactics, 0.0)
    found = [_known(story.read.others, table) for story in of_type]
    logits = np.array([[logit(table.tactics[t], table.tactics[t].base, f) for t in tactics] for f in found])
    column = added_column(
        np.array([story.read.strength for story in of_type]),
        logits,
        np.array([tactics.index(story.tactic or "") for story in of_type]),
        np.array([story.weight for story in of_type]),
        _ridge({tactic: table.tactics[tactic] for tactic in tactics}),
    )
    return _rounded(tactics, column)


def _rounded(names: Sequence[Any], values: Matrix) -> dict[Any, float]:
    return {name: round(float(value), DIGITS) + 0.0 for name, value in zip(names, values, strict=True)}


def _known(others: OtherResults, table: Weights) -> dict[str, float]:
    """The strengths that count under a table: those of fitted detectors and of findings without a type."""
    ignored = set(unfitted(table))
    return {code: value for code, value in others.strengths.items() if code not in ignored}


def _raw(others: OtherResults, table: Weights) -> int:
    """The score in hundredths before rounding and clamping."""
    found = _known(others, table)
    points = sum(points_of(table.score, code, value) for code, value in found.items())
    return table.score.base + points + sum(measure_effects(others.measured(), table).features)


def judged(story: Story, table: Weights, detector: Detector | None = None) -> Judged:
    """Judge the story by a table, with `detector` if given; as the engine would, without its gate."""
    others = story.read.others
    if detector is not None and story.read.strength:
        found = {**others.strengths, detector.code: story.read.strength}
        others = replace(others, strengths={code: found[code] for code in sorted(found)})
    score = whole_score(_raw(others, table))
    return Judged(score, kind(_known(others, table), measure_effects(others.measured(), table), score, table))


def as_file(table: Weights) -> bytes:
    """The table's bytes in the format of a full fit."""
    return msgspec.json.format(msgspec.json.encode(table), indent=1) + b"\n"
