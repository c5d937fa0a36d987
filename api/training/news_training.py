"""Fits `news.json`: which sentence tells the news, from those that readers named.

A conditional logit (McFadden 1974) by Newton's method, with a ridge on standardized measures. Half of the weight
of a second reader's sentence goes to it, the rest to the label's.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.analysis.content.news_choice import NewsModel, news_measures
from api.analysis.models.encoded_document import EncodedDocument

Matrix = NDArray[np.float64]
RIDGE = 10.0
SECOND = 0.5  # of a sentence that only the second reader names, beside 1
STEPS, PRECISION = 30, 1e-6
DIGITS = 4


@dataclass(frozen=True)
class NamedNews:
    """A text's candidates: indices, measures by name, and the share of the readers' choice of each."""

    indices: list[int]
    measures: list[dict[str, float]]
    shares: Matrix


def named_news(document: EncodedDocument, chosen: int | None, also: Sequence[int]) -> NamedNews | None:
    """The candidates of a document; None if readers name none of them.

    `chosen` and `also` are indices of the label's sentence and of those that a second reader marks.
    """
    rows = list(news_measures(document))
    shares = np.array([1.0 if index == chosen else SECOND * (index in also) for index, _ in rows])
    if not shares.any():
        return None
    return NamedNews([i for i, _ in rows], [m for _, m in rows], shares / shares.sum())


def fit_news(stories: Sequence[NamedNews]) -> NewsModel:
    """The weights for these texts. Raises ValueError without any."""
    if not stories:
        raise ValueError("no story names its news")
    names = list(stories[0].measures[0])
    raw = [np.array([[row[name] for name in names] for row in story.measures]) for story in stories]
    every = np.concatenate(raw)
    middle, spread = every.mean(axis=0), every.std(axis=0)
    spread[spread < 1e-6] = 1.0
    inputs = [(values - middle) / spread for values in raw]
    weights = np.zeros(len(names))
    shares = [story.shares for story in stories]
    value, slope, bend = _likelihood(weights, inputs, shares)
    for _ in range(STEPS):
        step = np.linalg.solve(bend, slope)
        while _likelihood(weights + step, inputs, shares)[0] < value and np.abs(step).max() >= PRECISION:
            step /= 2
        weights += step
        value, slope, bend = _likelihood(weights, inputs, shares)
        if np.abs(step).max() < PRECISION:
            break
    weights /= spread
    return NewsModel({name: round(float(w), DIGITS) for name, w in zip(names, weights, strict=True)})


def _likelihood(
    weights: Matrix, inputs: Sequence[Matrix], shares: Sequence[Matrix]
) -> tuple[float, Matrix, Matrix]:
    """The penalized log-likelihood, its gradient, and its negative Hessian."""
    value, slope, bend = -RIDGE / 2 * float(weights @ weights), -RIDGE * weights, RIDGE * np.eye(len(weights))
    for values, share in zip(inputs, shares, strict=True):
        odds = values @ weights
        odds -= odds.max()
        chances = np.exp(odds)
        total = chances.sum()
        chances /= total
        centred = values - chances @ values
        value += float(share @ (odds - np.log(total)))
        slope += values.T @ (share - chances)
        bend += (centred * chances[:, None]).T @ centred
    return value, slope, bend
