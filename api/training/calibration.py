"""Calibration by errors on held-out documents: the certainty of types and the interval of scores."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.analysis.models.weights import IntervalStep
from schemas.enums import SpinType

Matrix = NDArray[np.float64]
INTERVAL_EDGES = (15, 30, 45, 100)  # predicted scores; the spread of errors differs between them
TAIL = 0.05  # outside either end of the 90 % interval


@dataclass(frozen=True)
class Calibration:
    """Values estimated on held-out examples, and the two thresholds; fields as in `Weights`."""

    temperature: float
    secondary: float
    plain: int
    plain_confidence: float
    interval: list[IntervalStep]


def calibrated(
    predicted: Matrix,
    logits: Matrix,
    scores: Matrix,
    kinds: NDArray[np.int_],
    *,
    secondary: float,
    plain: int,
) -> Calibration:
    """Calibrate by held-out predictions and their labels."""
    none = list(SpinType).index(SpinType.NONE)
    low = predicted <= plain
    return Calibration(
        temperature=_temperature(logits, kinds),
        secondary=secondary,
        plain=plain,
        plain_confidence=round(float((kinds == none)[low if low.any() else slice(None)].mean()), 2),
        interval=_interval(predicted, scores),
    )


def softmax(logits: Matrix) -> Matrix:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    result: Matrix = powers / powers.sum(axis=1, keepdims=True)
    return result


def _temperature(logits: Matrix, kinds: NDArray[np.int_]) -> float:
    """The divisor of held-out logits that makes the right types likeliest (Guo and others, 2017)."""
    rows = np.arange(len(kinds))
    candidates = [t / 20 for t in range(8, 61)]
    losses = [-float(np.log(softmax(logits / t)[rows, kinds]).sum()) for t in candidates]
    return candidates[int(np.argmin(losses))]


def _interval(predicted: Matrix, scores: Matrix) -> list[IntervalStep]:
    """The distances of held-out labels from predictions between the edges, without the tails."""
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
