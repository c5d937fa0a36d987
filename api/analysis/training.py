"""How `weights.json` is made: ridge for the score, multinomial logits for type, stance and tactic.

Offline only; nothing here runs while a text is judged. Labelled documents come in as `Example`s, a `Weights`
goes out. A detector's weight on the score is kept at one point a unit or above: a finding must not lower the
score, nor a type be said of findings that count for nothing.
Temperature and interval come from ten-fold cross-validation. All of it is deterministic.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.analysis.detectors import DETECTORS
from api.analysis.features import FEATURES
from api.analysis.weights import IntervalStep, Linear, ScoreWeights, Weights
from schemas.enums import SpinType, Stance

Matrix = NDArray[np.float64]
FOLDS = 10
SCORE_RIDGE = 20.0  # on scaled columns; chosen by cross-validation on the training set, flat around it
LOGIT_RIDGE = 30.0  # the same
TACTIC_RIDGE = 3.0  # fewer columns, one type's documents only
BASE = 20.0  # where a text starts of which nothing is known: a free base fits no better (37, same Spearman)
LEAST = 1.0  # points a unit of strength: the least a detector's findings add
DIGITS = 4  # of a logit's weights in the file; more changes no decision
INTERVAL_EDGES = (15, 30, 45, 100)  # predicted scores between which the spread of errors differs
TAIL = 0.05  # left outside at either end of the 90 % interval


@dataclass(frozen=True)
class Example:
    """One labelled document: detectors' strengths and features' values by code, the labels, a weight."""

    strengths: dict[str, float]
    measures: dict[str, float]
    score: float
    primary: SpinType
    stance: Stance
    tactic: str | None
    weight: float


def fit(examples: Sequence[Example], *, trained_on: str, secondary: float, plain: int) -> Weights:
    """The weights that fit the examples. `secondary` and `plain` are passed through to the file."""
    detectors = [d.code for d in DETECTORS if d.type is not None]
    features = [f.code for f in FEATURES]
    x = _matrix(examples, detectors, features)
    weight = np.array([e.weight for e in examples])
    scores = np.array([e.score for e in examples])
    types = list(SpinType)
    kinds = np.array([types.index(e.primary) for e in examples])
    stances = list(Stance)
    attitudes = np.array([stances.index(e.stance) for e in examples])
    fold = np.arange(len(examples)) % FOLDS
    predicted = np.zeros(len(examples))
    logits = np.zeros((len(examples), len(types)))
    for number in range(FOLDS):
        held, rest = fold == number, fold != number
        predicted[held] = _apply(ridge(x[rest], scores[rest], weight[rest], len(detectors)), x[held])
        logits[held] = _apply(softmax_regression(x[rest], kinds[rest], weight[rest], len(types)), x[held])
    line = ridge(x, scores, weight, len(detectors))
    table = softmax_regression(x, kinds, weight, len(types))
    mood = softmax_regression(x, attitudes, weight, len(stances))
    hundredths = [round(100 * float(v)) for v in line]
    return Weights(
        trained_on=trained_on,
        score=ScoreWeights(
            base=hundredths[-1],
            detectors=dict(zip(detectors, hundredths, strict=False)),
            features=dict(zip(features, hundredths[len(detectors) :], strict=False)),
        ),
        types={t: _linear(table[:, i], detectors, features) for i, t in enumerate(types)},
        stances={s: _linear(mood[:, i], detectors, features) for i, s in enumerate(stances)},
        tactics=_tactics(examples, detectors),
        temperature=_temperature(logits, kinds),
        secondary=secondary,
        plain=plain,
        plain_confidence=round(float((kinds == types.index(SpinType.NONE))[predicted <= plain].mean()), 2),
        interval=_interval(predicted, scores),
    )


def ridge(x: Matrix, y: Matrix, weight: Matrix, detectors: int) -> Matrix:
    """Coefficients and, last, the fixed base; the first `detectors` coefficients are kept at LEAST or above."""
    scale = np.where((x != 0).any(axis=0), np.sqrt((x * x).mean(axis=0)), 1.0)
    z = x / scale
    least = np.where(np.arange(x.shape[1]) < detectors, LEAST * scale, -np.inf)
    beta = np.zeros(x.shape[1])
    products = (weight[:, None] * z).T @ z
    pulls = z.T @ (weight * (y - BASE))
    for _ in range(2000):  # coordinate descent; some three hundred rounds on a thousand documents
        before = beta.copy()
        for j in range(x.shape[1]):
            rest = pulls[j] - products[j] @ beta + products[j, j] * beta[j]
            beta[j] = max(float(rest / (products[j, j] + SCORE_RIDGE)), float(least[j]))
        if float(np.abs(beta - before).max()) < 1e-5:
            break
    return np.append(beta / scale, BASE)


def softmax_regression(
    x: Matrix, y: NDArray[np.int_], weight: Matrix, classes: int, penalty: float = LOGIT_RIDGE
) -> Matrix:
    """One column a class: coefficients and, last, the base. Newton's method with a ridge."""
    mean, scale = _standard(x)
    z = np.c_[(x - mean) / scale, np.ones(len(x))]
    p = z.shape[1]
    target = np.eye(classes)[y]
    beta = np.zeros((p, classes))
    ridge_of = np.append(np.full(p - 1, penalty), 1e-3)  # the base is all but free
    for _ in range(30):
        share = _shares(z @ beta)
        gradient = z.T @ (weight[:, None] * (share - target)) + ridge_of[:, None] * beta
        hessian = np.zeros((classes, p, classes, p))
        for a in range(classes):
            for b in range(classes):
                curve = weight * share[:, a] * ((a == b) - share[:, b])
                hessian[a, :, b, :] = z.T @ (curve[:, None] * z) + (a == b) * np.diag(ridge_of)
        step = np.linalg.solve(hessian.reshape(classes * p, classes * p), gradient.T.reshape(-1))
        beta = beta - step.reshape(classes, p).T
        if float(np.abs(step).max()) < 1e-8:
            break
    coefficients = beta[:-1] / scale[:, None]
    base = beta[-1] - (mean[:, None] * coefficients).sum(axis=0)
    return np.vstack([coefficients, base])


def _matrix(examples: Sequence[Example], detectors: Sequence[str], features: Sequence[str]) -> Matrix:
    return np.array(
        [[e.strengths.get(c, 0.0) for c in detectors] + [e.measures[c] for c in features] for e in examples]
    )


def _standard(x: Matrix) -> tuple[Matrix, Matrix]:
    spread = x.std(axis=0)
    return x.mean(axis=0), np.where(spread > 0, spread, 1.0)


def _apply(beta: Matrix, x: Matrix) -> Matrix:
    result: Matrix = x @ beta[:-1] + beta[-1]
    return result


def _shares(logits: Matrix) -> Matrix:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    result: Matrix = powers / powers.sum(axis=1, keepdims=True)
    return result


def _linear(column: Matrix, detectors: Sequence[str], features: Sequence[str]) -> Linear:
    values = [round(float(v), DIGITS) for v in column]
    return Linear(
        base=values[-1],
        detectors=dict(zip(detectors, values, strict=False)),
        features=dict(zip(features, values[len(detectors) :], strict=False)),
    )


def _tactics(examples: Sequence[Example], detectors: Sequence[str]) -> dict[str, Linear]:
    """For each type a choice among its tactics, from the strengths of that type's detectors alone."""
    forms: dict[str, Linear] = {}
    for kind in SpinType:
        own = [d for d in DETECTORS if d.type is kind]
        tactics = sorted({d.tactic for d in own if d.tactic is not None})
        if not tactics:
            continue
        codes = [d.code for d in own]
        chosen = [e for e in examples if e.primary is kind and e.tactic in tactics]
        if not chosen:
            forms |= {t: Linear(base=0.0, detectors=dict.fromkeys(codes, 0.0), features={}) for t in tactics}
            continue
        x = _matrix(chosen, codes, ())
        y = np.array([tactics.index(e.tactic or "") for e in chosen])
        weight = np.array([e.weight for e in chosen])
        table = softmax_regression(x, y, weight, len(tactics), TACTIC_RIDGE)
        forms |= {t: _linear(table[:, i], codes, ()) for i, t in enumerate(tactics)}
    return forms


def _temperature(logits: Matrix, kinds: NDArray[np.int_]) -> float:
    """The divisor of held-out logits at which the right types are likeliest (Guo and others, 2017)."""
    rows = np.arange(len(kinds))
    candidates = [t / 20 for t in range(8, 61)]
    losses = [-float(np.log(_shares(logits / t)[rows, kinds]).sum()) for t in candidates]
    return candidates[int(np.argmin(losses))]


def _interval(predicted: Matrix, scores: Matrix) -> list[IntervalStep]:
    """How far held-out labels lie from the prediction, between the edges, without the tails."""
    steps = []
    low = -1000
    for edge in INTERVAL_EDGES:
        top = 1000 if edge == INTERVAL_EDGES[-1] else edge
        inside = (predicted > low) & (predicted <= top)
        error = (scores - predicted)[inside if inside.any() else slice(None)]
        below = max(0, round(-float(np.quantile(error, TAIL))))
        steps.append(
            IntervalStep(up_to=edge, below=below, above=max(0, round(float(np.quantile(error, 1 - TAIL)))))
        )
        low = top
    return steps
