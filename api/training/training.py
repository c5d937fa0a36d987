"""Fits the fast engine's score, types and stances: ridge for the score, stacked logits for type and stance.

Two blocks read a document: detectors and features, and wording. Both are ridge regressions for the score, types
and stances. The score is the blocks' mean, weighted by fit on held-out stories. Type and stance are multinomial
logits over the blocks' held-out outputs (stacking, Wolpert 1992), drawn towards a vote with one weight a block
(`multinomial.py`). Everything is linear and folds into one weight for each detector, feature and output. The
source's type is no input: it made held-out types worse. A detector's weight on the score is at least LEAST, since
findings must neither lower the score nor set a type without counting. Temperature and interval come from
cross-validation on published stories. All folds keep a publisher together. Deterministic.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.analysis.framing.detectors import DETECTORS
from api.analysis.framing.kinds import Kind, kind
from api.analysis.framing.learned_terms import LEARNED
from api.analysis.framing.scoring import measure_effects
from api.analysis.models.weights import Linear, ScoreWeights, Weights
from api.analysis.models.wording import SCORE, WordingModel
from api.analysis.models.wording_measures import PLAIN, STEERING
from api.analysis.text.features import FEATURES
from api.analysis.text.signals import Measure
from api.training.calibration import Calibration, calibrated
from api.training.labelled import publisher_folds
from api.training.multinomial import softmax_regression, stacked_choice
from api.training.wording_training import (
    OUTPUTS,
    Words,
    apply_wording,
    fit_wording,
    ridge_table,
    targets,
)
from schemas.enums import SpinType, Stance

Matrix = NDArray[np.float64]
FOLDS = 5
SCORE_RIDGE = 20.0  # on scaled columns; chosen by cross-validation on the training set, flat around it
TYPE_RIDGE, STANCE_RIDGE = 100.0, 300.0  # the same
TACTIC_RIDGE = 3.0  # fewer columns, one type's documents only
BASE = 20.0  # of the detectors' block for a text without findings
SHARE_RIDGE = 10.0  # of the blocks' shares of the score, in points
LEAST_LINE = 0.2  # least share of the detectors' block: less fits no better, and explains less by findings
LEAST_IN_BLOCK = 2.0  # least points per unit of a detector's strength in its block
LEAST = 0.4  # and in the score
RARE = 0.5  # power of the weight of rare types, without which they are never chosen
DIGITS = 4  # of a logit's weights in the file; more change no decision


@dataclass(frozen=True)
class Example:
    """One labelled document: strengths and features by code, words, labels, weight."""

    strengths: dict[str, float]
    measures: dict[str, float]
    words: Words
    score: float
    primary: SpinType
    secondary: SpinType | None
    stance: Stance
    tactic: str | None
    weight: float
    publisher: str


@dataclass(frozen=True)
class Data:
    """The examples as arrays, one row each; `y` has the columns of OUTPUTS."""

    x: Matrix
    words: list[Words]
    y: Matrix
    kinds: NDArray[np.int_]
    stances: NDArray[np.int_]
    weight: Matrix
    publishers: list[str]

    def rows(self, chosen: NDArray[np.int_]) -> "Data":
        return Data(
            x=self.x[chosen],
            words=[self.words[i] for i in chosen],
            y=self.y[chosen],
            kinds=self.kinds[chosen],
            stances=self.stances[chosen],
            weight=self.weight[chosen],
            publishers=[self.publishers[i] for i in chosen],
        )

    def folds(self) -> NDArray[np.int_]:
        """The fold of each row; a publisher's rows share one."""
        of = publisher_folds(
            zip(self.publishers, map(str, self.kinds), self.weight == 1.0, strict=True), FOLDS
        )
        return np.array([of[publisher] for publisher in self.publishers])


@dataclass(frozen=True)
class Fitted:
    """`held_out`: score and kind of each example by weights that have not seen it."""

    weights: Weights
    wording: WordingModel
    held_out: list[tuple[int, Kind]]


def fit(examples: Sequence[Example], *, trained_on: str, secondary: float, plain: int) -> Fitted:
    """Fit the weights to the examples; `secondary` and `plain` go into the file."""
    data = _data(examples)
    fold = data.folds()
    numbers = sorted(set(fold.tolist()))
    predicted = np.zeros(len(examples))
    logits = np.zeros((len(examples), len(SpinType)))
    models = {n: _Model(data.rows(np.flatnonzero(fold != n)), trained_on) for n in numbers}
    for number, model in models.items():
        held_out_rows = np.flatnonzero(fold == number)
        predicted[held_out_rows], logits[held_out_rows] = model.predict(data.rows(held_out_rows))
    # invented stories are easier, so only published ones calibrate certainty and interval
    real = data.weight == 1.0
    calibration = calibrated(
        predicted[real], logits[real], data.y[real, 0], data.kinds[real], secondary=secondary, plain=plain
    )
    tables = {n: _table(model, trained_on, examples, calibration) for n, model in models.items()}
    held_out = []
    for number, example in enumerate(examples):
        points = min(max(round(float(predicted[number])), 0), 100)
        model = models[fold[number]]
        table = tables[fold[number]]
        effects = measure_effects(model.measures_of(example), table)
        held_out.append((points, kind(example.strengths, effects, points, table)))
    whole = _Model(data, trained_on)
    return Fitted(_table(whole, trained_on, examples, calibration), whole.wording, held_out)


def _table(
    model: "_Model", trained_on: str, examples: Sequence[Example], calibration: Calibration
) -> Weights:
    return Weights(
        trained_on=trained_on,
        score=model.score_weights(),
        types={kind: model.linear(model.types[:, i]) for i, kind in enumerate(SpinType)},
        stances={stance: model.linear(model.moods[:, i]) for i, stance in enumerate(Stance)},
        tactics=tactic_weights([(e.strengths, e.primary, e.tactic, e.weight) for e in examples]),
        temperature=calibration.temperature,
        secondary=calibration.secondary,
        plain=calibration.plain,
        plain_confidence=calibration.plain_confidence,
        interval=calibration.interval,
    )


_TYPED = [d for d in (*DETECTORS, *LEARNED) if d.type is not None]
_DETECTORS = [d.code for d in _TYPED]
_FEATURES = [f.code for f in FEATURES]


def _data(examples: Sequence[Example]) -> Data:
    return Data(
        x=_matrix(examples, _DETECTORS, _FEATURES),
        words=[e.words for e in examples],
        y=targets(
            [e.score for e in examples],
            [(e.primary, e.secondary) for e in examples],
            [e.stance for e in examples],
        ),
        kinds=np.array([list(SpinType).index(e.primary) for e in examples]),
        stances=np.array([list(Stance).index(e.stance) for e in examples]),
        weight=np.array([e.weight for e in examples]),
        publishers=[e.publisher for e in examples],
    )


class _Model:
    """All models fitted to one set of documents."""

    def __init__(self, data: Data, origin: str) -> None:
        self.wording = fit_wording(data.words, data.y, data.weight, origin)
        self.line = ridge(data.x, data.y[:, 0], data.weight, len(_DETECTORS))
        self.block, self.bases = _detector_block(data)
        stacked, lines = _held_out(data, origin)
        self.shares = _shares_of_blocks(_scores(stacked, lines), data.y[:, 0], data.weight)
        count = np.bincount(data.kinds, data.weight, len(SpinType)) + 1e-9
        rare = data.weight * ((count.mean() / count) ** RARE)[data.kinds]
        self.types = stacked_choice(
            stacked, _voters([kind.value for kind in SpinType]), data.kinds, rare, len(SpinType), TYPE_RIDGE
        )
        self.moods = stacked_choice(
            stacked,
            _voters([f"{stance.value}_stance" for stance in Stance]),
            data.stances,
            data.weight,
            len(Stance),
            STANCE_RIDGE,
        )

    def predict(self, data: Data) -> tuple[Matrix, Matrix]:
        """Scores and the types' logits."""
        words = apply_wording(self.wording, data.words)
        stacked = np.hstack([words, data.x @ self.block + self.bases])
        blocks = _scores(stacked, _apply(self.line, data.x))
        return _apply(self.shares, blocks), _apply(self.types, stacked)

    def measures_of(self, example: Example) -> list[Measure]:
        """The measures of an example that decide its kind, its wording by this model."""
        says = apply_wording(self.wording, [example.words])[0]
        values = example.measures | {f"says_{name}": v for name, v in zip(OUTPUTS, says, strict=True)}
        return [Measure(code, float(value), []) for code, value in values.items()]

    def score_weights(self) -> ScoreWeights:
        of_words, of_line, base = (float(v) for v in self.shares)
        line = [round(100 * of_line * float(v)) for v in self.line[:-1]]
        start = (
            base
            + of_line * float(self.line[-1])
            + of_words * self.wording.bases[self.wording.outputs.index(SCORE)]
        )
        features = dict(zip(_FEATURES, line[len(_DETECTORS) :], strict=True))
        features |= {STEERING: round(100 * of_words), PLAIN: -round(100 * of_words)}
        return ScoreWeights(
            # whole points, so that a text without measures has a whole score
            base=100 * round(start),
            detectors={
                code: max(points, round(100 * LEAST)) for code, points in zip(_DETECTORS, line, strict=False)
            },
            features=features,
        )

    def linear(self, column: Matrix) -> Linear:
        """One column of the stack as a linear form over detectors, features and wording outputs."""
        said, seen = np.split(column[:-1], [len(OUTPUTS)])
        own = [round(float(v), DIGITS) for v in self.block @ seen]
        features = dict(zip(_FEATURES, own[len(_DETECTORS) :], strict=True))
        features |= {f"says_{name}": round(float(v), DIGITS) for name, v in zip(OUTPUTS, said, strict=True)}
        return Linear(
            base=round(float(column[-1] + self.bases @ seen), DIGITS),
            detectors=dict(zip(_DETECTORS, own, strict=False)),
            features=features,
        )


def _scores(stacked: Matrix, lines: Matrix) -> Matrix:
    """The score by each block: wording; detectors and features."""
    return np.column_stack([stacked[:, OUTPUTS.index(SCORE)], lines])


def _voters(names: Sequence[str]) -> list[NDArray[np.int_]]:
    """The columns of the stack with each block's outputs of these names."""
    said = np.array([OUTPUTS.index(name) for name in names])
    return [said, len(OUTPUTS) + said]


def _shares_of_blocks(blocks: Matrix, scores: Matrix, weight: Matrix) -> Matrix:
    """Each block's share of the score and, last, the base: shares at least 0, the detectors' LEAST_LINE."""
    least = np.array([0.0, LEAST_LINE])
    shares = np.append(least, 0.0)
    chosen = list(range(len(least)))
    while chosen:
        rest = scores - blocks @ least
        beta, base = ridge_table(blocks[:, chosen], rest[:, None], weight, SHARE_RIDGE)
        if float(beta.min()) >= 0:
            shares[chosen] += beta[:, 0]
            shares[-1] = base[0]
            break
        chosen.pop(int(np.argmin(beta[:, 0])))
    return shares


def _detector_block(data: Data) -> tuple[Matrix, Matrix]:
    """Coefficients and bases of OUTPUTS over detectors and features."""
    scale = np.where((data.x != 0).any(axis=0), np.sqrt((data.x * data.x).mean(axis=0)), 1.0)
    beta, base = ridge_table(data.x / scale, data.y, data.weight, SCORE_RIDGE)
    return beta / scale[:, None], base


def _held_out(data: Data, origin: str) -> tuple[Matrix, Matrix]:
    """The blocks' outputs for each document by models that have not seen it, and its score by detectors."""
    fold = data.folds()
    table = np.zeros((len(data.words), 2 * len(OUTPUTS)))
    lines = np.zeros(len(data.words))
    for number in sorted(set(fold.tolist())):
        own_fold = np.flatnonzero(fold == number)
        rest, own = data.rows(np.flatnonzero(fold != number)), data.rows(own_fold)
        beta, base = _detector_block(rest)
        said = apply_wording(fit_wording(rest.words, rest.y, rest.weight, origin), own.words)
        table[own_fold] = np.hstack([said, own.x @ beta + base])
        lines[own_fold] = _apply(ridge(rest.x, rest.y[:, 0], rest.weight, len(_DETECTORS)), own.x)
    return table, lines


def ridge(x: Matrix, y: Matrix, weight: Matrix, detectors: int) -> Matrix:
    """Coefficients and, last, the fixed base; the first `detectors` ones are at least LEAST_IN_BLOCK."""
    scale = np.where((x != 0).any(axis=0), np.sqrt((x * x).mean(axis=0)), 1.0)
    z = x / scale
    least = np.where(np.arange(x.shape[1]) < detectors, LEAST_IN_BLOCK * scale, -np.inf)
    beta = np.zeros(x.shape[1])
    products = (weight[:, None] * z).T @ z
    pulls = z.T @ (weight * (y - BASE))
    for _ in range(2000):  # coordinate descent; about 300 rounds for a thousand documents
        before = beta.copy()
        for j in range(x.shape[1]):
            rest = pulls[j] - products[j] @ beta + products[j, j] * beta[j]
            beta[j] = max(float(rest / (products[j, j] + SCORE_RIDGE)), float(least[j]))
        if float(np.abs(beta - before).max()) < 1e-5:
            break
    return np.append(beta / scale, BASE)


def _matrix(examples: Sequence[Example], detectors: Sequence[str], features: Sequence[str]) -> Matrix:
    return np.array(
        [[e.strengths.get(c, 0.0) for c in detectors] + [e.measures[c] for c in features] for e in examples]
    )


def _apply(beta: Matrix, x: Matrix) -> Matrix:
    result: Matrix = x @ beta[:-1] + beta[-1]
    return result


def _linear(column: Matrix, detectors: Sequence[str]) -> Linear:
    values = [round(float(v), DIGITS) for v in column]
    return Linear(base=values[-1], detectors=dict(zip(detectors, values, strict=False)), features={})


def tactic_weights(
    examples: Sequence[tuple[dict[str, float], SpinType, str | None, float]],
) -> dict[str, Linear]:
    """For each type a choice among its tactics, by the strengths of that type's detectors.

    An example is strengths by detector, type, tactic, weight.
    """
    forms: dict[str, Linear] = {}
    for spin_type in SpinType:
        own = [d for d in _TYPED if d.type is spin_type]
        tactics = sorted({d.tactic for d in own if d.tactic is not None})
        if not tactics:
            continue
        codes = [d.code for d in own]
        chosen = [e for e in examples if e[1] is spin_type and e[2] in tactics]
        if not chosen:
            forms |= {t: Linear(base=0.0, detectors=dict.fromkeys(codes, 0.0), features={}) for t in tactics}
            continue
        x = np.array([[strengths.get(code, 0.0) for code in codes] for strengths, _, _, _ in chosen])
        y = np.array([tactics.index(tactic or "") for _, _, tactic, _ in chosen])
        weight = np.array([weight for _, _, _, weight in chosen])
        table = softmax_regression(x, y, weight, len(tactics), TACTIC_RIDGE)
        forms |= {t: _linear(table[:, i], codes) for i, t in enumerate(tactics)}
    return forms
