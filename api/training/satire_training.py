"""Fits `satire.json`: a ridge regression of satire on the TF-IDF of words and pairs.

It learns from satires and sincere texts of similar tone, by several writers, and from the training stories, none
of which is satire. Threshold and certainty come from writers and stories that the model has not seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

import numpy as np
from numpy.typing import NDArray

from api.analysis.models.satire import SATIRE, SatireModel
from api.analysis.models.wording import WordingModel
from api.training.wording_training import DIGITS, Matrix, Words, design, ridge_table, vocabulary

FOLDS = 6
RIDGE = 0.5
WEIGHT = 3.0  # of a text written for this; a story has 1
MAX_FALSE, MAX_NEAR = (
    0.001,
    0.02,
)  # false positives among stories, and among sincere texts near satire
SHOWN = 12_000  # terms with the largest weights


@dataclass(frozen=True)
class Example:
    """A text written for this: its words, its writer, and whether it is satire."""

    words: Words
    writer: str
    satire: bool


def fit_satire(texts: Sequence[Example], stories: Sequence[Words], origin: str) -> SatireModel:
    """Fit the model to these texts and to stories that are not satire."""
    words = [*(text.words for text in texts), *stories]
    is_satire = np.array([*(text.satire for text in texts), *(False for _ in stories)], float)
    weight = np.where(np.arange(len(words)) < len(texts), WEIGHT, 1.0)
    idf = vocabulary(words)
    x = design(words, idf)
    predicted = _held_out(x, is_satire, weight, _folds(texts, len(stories)))
    beta, base = _fitted(x, is_satire, weight)
    nonzero = sorted(np.flatnonzero(beta).tolist())
    terms = list(idf.items())
    predicted_texts = predicted[: len(texts)]
    satires = is_satire[: len(texts)] > 0
    line = max(_line(predicted[len(texts) :], MAX_FALSE), _line(predicted_texts[~satires], MAX_NEAR))
    model = WordingModel(
        origin=origin,
        outputs=[SATIRE],
        bases=[round(base, DIGITS)],
        terms={terms[i][0]: (round(terms[i][1], DIGITS), round(float(beta[i]), DIGITS)) for i in nonzero},
    )
    above = predicted_texts >= line
    return SatireModel(
        line=line,
        certainty=round(float(satires[above].mean()), DIGITS) if above.any() else 0.0,
        words=model,
    )


def _folds(texts: Sequence[Example], stories: int) -> NDArray[np.int_]:
    writers = sorted({text.writer for text in texts})
    return np.array([*(writers.index(t.writer) % FOLDS for t in texts), *(n % FOLDS for n in range(stories))])


def _held_out(x: Matrix, y: Matrix, weight: Matrix, folds: NDArray[np.int_]) -> Matrix:
    """Predict each text by a model that has seen neither it nor its writer."""
    predicted = np.zeros(len(y))
    for number in range(FOLDS):
        held, rest = folds == number, folds != number
        beta, base = _fitted(x[rest], y[rest], weight[rest])
        predicted[held] = x[held] @ beta + base
    return predicted


def _fitted(x: Matrix, y: Matrix, weight: Matrix) -> tuple[Matrix, float]:
    """Coefficients, all but the SHOWN largest 0, and the base."""
    table, base = ridge_table(x, y[:, None], weight, RIDGE)
    beta = table[:, 0]
    beta[np.argsort(-np.abs(beta), kind="stable")[SHOWN:]] = 0.0
    return beta, float(base[0])


def _line(values: Matrix, most: float) -> float:
    """The least threshold, in thousandths, that at most this share of `values` reaches."""
    first_below = float(np.sort(values)[::-1][int(most * len(values))])
    thousandths: int = 10**DIGITS
    return (floor(first_below * thousandths) + 1) / thousandths
