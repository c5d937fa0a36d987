"""Fits `term_weights.json`: two logistic regressions over the tokens of labelled stories.

Needs scikit-learn. The first pass uses stochastic gradient descent with averaged weights, the second the outputs
of first passes and encoders on stories that they have not seen (stacking, Wolpert 1992). The threshold maximises
the characters' F1 on held-out real stories, the mean of F1 with one reader's marks and with two readers': one
marks 3 characters of 100, two mark 6.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression, SGDClassifier

from api.analysis.models.encoded_document import EncodedDocument
from api.analysis.models.encoder import Encoded
from api.analysis.models.term_runs import TermWeights
from api.analysis.models.term_tagger import second_columns, terms_of, token_features
from api.analysis.text.signals import TaggedTerm
from api.training.labelled import loaded_tokens, marked_characters

Floats = NDArray[np.float64]
FEWEST = 4  # tokens with a feature
LEAST_WEIGHT = 0.1  # of a feature in the file; smaller ones hardly matter
ALPHA = 6e-6  # ridge of the first pass; chosen by cross-validation
ROUNDS = 5
STRENGTH = 0.3  # inverse ridge of the second pass
THRESHOLDS = tuple(n / 100 for n in range(10, 46))
DIGITS = 3


@dataclass(frozen=True)
class TaggedStory:
    """A labelled story: the terms of all readers and of one, its fold and weight."""

    document: EncodedDocument
    terms: Sequence[str]
    terms_of_one: Sequence[str]
    fold: int
    weight: float


def fit_terms(
    stories: Sequence[TaggedStory], encoded: Sequence[Encoded], *, origin: str
) -> tuple[TermWeights, list[list[TaggedTerm]]]:
    """The weights, and each story's terms by a tagger that has not seen it. `encoded` is by such encoders too."""
    return fit_passes([_material(s, e) for s, e in zip(stories, encoded, strict=True)], origin=origin)


def _material(story: TaggedStory, encoded: Encoded) -> "Material":
    read = story.document.with_outputs(encoded, [])
    return Material(
        text=story.document.text,
        terms=story.terms,
        terms_of_one=story.terms_of_one,
        fold=story.fold,
        weight=story.weight,
        features=[names for _, names in token_features(story.document)],
        loaded=_loaded(story),
        columns=lambda first: second_columns(story.document, first, encoded),
        terms_of=partial(terms_of, read),
    )


@dataclass(frozen=True)
class Material:
    """The training data of one story for any tagger; lists have one item a token.

    `columns` computes the second pass's inputs from log-odds of the first, `terms_of` the terms from
    probabilities and a threshold.
    """

    text: str
    terms: Sequence[str]
    terms_of_one: Sequence[str]
    fold: int
    weight: float
    features: list[list[str]]
    loaded: Floats
    columns: Callable[[Floats], Floats]
    terms_of: Callable[[Floats, float], list[TaggedTerm]]


def fit_passes(stories: Sequence[Material], *, origin: str) -> tuple[TermWeights, list[list[TaggedTerm]]]:
    """The weights of both passes, and each story's terms by a tagger that has not seen it."""
    features, loaded = [s.features for s in stories], [s.loaded for s in stories]
    folds = sorted({s.fold for s in stories})
    first = [np.zeros(len(marks)) for marks in loaded]
    for fold in folds:
        rest = [n for n, s in enumerate(stories) if s.fold != fold]
        weights, base = _first_pass(features, loaded, stories, rest)
        for n, story in enumerate(stories):
            if story.fold == fold:
                first[n] = _apply(weights, base, features[n])
    columns = [s.columns(f) for s, f in zip(stories, first, strict=True)]
    probability = [np.zeros(len(marks)) for marks in loaded]
    for fold in folds:
        rest = [n for n, s in enumerate(stories) if s.fold != fold]
        second = _SecondPass(columns, loaded, stories, rest)
        for n, story in enumerate(stories):
            if story.fold == fold:
                probability[n] = second.probability(columns[n])
    real = [n for n, s in enumerate(stories) if s.weight == 1.0] or list(range(len(stories)))
    real_stories = [(stories[n], probability[n]) for n in real]
    threshold = max(THRESHOLDS, key=lambda t: _agreement(real_stories, t))
    every = list(range(len(stories)))
    weights, base = _first_pass(features, loaded, stories, every)
    second = _SecondPass(columns, loaded, stories, every)
    return (
        TermWeights(
            origin=origin,
            first_base=base,
            first=weights,
            means=_rounded(second.means),
            spreads=_rounded(second.spreads),
            second=_rounded(second.weights),
            second_base=round(second.base, DIGITS),
            threshold=threshold,
        ),
        [s.terms_of(p, threshold) for s, p in zip(stories, probability, strict=True)],
    )


class _SecondPass:
    def __init__(
        self,
        columns: Sequence[Floats],
        loaded: Sequence[Floats],
        stories: Sequence[Material],
        chosen: Sequence[int],
    ) -> None:
        x = np.concatenate([columns[n] for n in chosen])
        y = np.concatenate([loaded[n] for n in chosen])
        weight = np.concatenate([np.full(len(loaded[n]), stories[n].weight) for n in chosen])
        self.means, self.spreads = x.mean(axis=0), x.std(axis=0) + 1e-6
        model = LogisticRegression(C=STRENGTH, max_iter=300).fit(self._scaled(x), y, sample_weight=weight)
        self.weights, self.base = model.coef_[0], float(model.intercept_[0])

    def probability(self, columns: Floats) -> Floats:
        odds = self._scaled(columns) @ self.weights + self.base
        result: Floats = 1 / (1 + np.exp(-odds))
        return result

    def _scaled(self, columns: Floats) -> Floats:
        scaled: Floats = np.clip((columns - self.means) / self.spreads, -6, 6)
        return scaled


def _first_pass(
    features: Sequence[list[list[str]]],
    loaded: Sequence[Floats],
    stories: Sequence[Material],
    chosen: Sequence[int],
) -> tuple[dict[str, float], float]:
    """The weights of features that are large enough to matter, and the base."""
    counts = Counter(name for n in chosen for names in features[n] for name in names)
    known = {name: i for i, name in enumerate(sorted(n for n, c in counts.items() if c >= FEWEST))}
    rows = [[known[name] for name in names if name in known] for n in chosen for names in features[n]]
    starts = np.cumsum([0, *map(len, rows)])
    columns = np.array([column for row in rows for column in row], np.int32)
    x = csr_matrix((np.ones(len(columns), np.float32), columns, starts), shape=(len(rows), len(known)))
    model = SGDClassifier(
        loss="log_loss",
        alpha=ALPHA,
        max_iter=ROUNDS,
        tol=None,
        average=True,
        random_state=0,
        learning_rate="adaptive",
        eta0=0.05,
    ).fit(
        x,
        np.concatenate([loaded[n] for n in chosen]),
        sample_weight=np.concatenate([np.full(len(loaded[n]), stories[n].weight) for n in chosen]),
    )
    weights = {
        name: round(float(w), DIGITS)
        for name, w in zip(known, model.coef_[0], strict=True)
        if abs(w) >= LEAST_WEIGHT
    }
    return weights, round(float(model.intercept_[0]), DIGITS)


def _apply(weights: dict[str, float], base: float, features: list[list[str]]) -> Floats:
    return np.array([base + sum(weights.get(name, 0.0) for name in names) for names in features])


def _loaded(story: TaggedStory) -> Floats:
    """1 for each loaded token, without white space."""
    marks = loaded_tokens(story.document, story.terms)
    return np.array([marks[number] for number, _ in token_features(story.document)], float)


def _agreement(stories: Sequence[tuple[Material, Floats]], threshold: float) -> float:
    """F1 of characters over all stories, a term counted wherever its words occur; the mean over both markings."""
    both, given, found = np.zeros(2), np.zeros(2), 0
    for story, probability in stories:
        text = story.text
        predicted = marked_characters(
            text, [text[t.start : t.end] for t in story.terms_of(probability, threshold)]
        )
        found += int(predicted.sum())
        for number, terms in enumerate((story.terms_of_one, story.terms)):
            gold = marked_characters(text, terms)
            both[number] += int((gold & predicted).sum())
            given[number] += int(gold.sum())
    return float((2 * both / np.maximum(given + found, 1)).mean())


def _rounded(values: Floats) -> list[float]:
    return [round(float(v), 6) for v in values]
