"""Fits `claim_weights.json`: which sentences are central claims, and their support.

Centrality is a logistic regression over features (minus their document's mean) and words; support a multinomial
one over features. Ridge terms come from five-fold cross-validation on the training stories. Deterministic.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from api.analysis.models.linear_models import WORD, ClaimWeights, LinearModel, words_of
from api.analysis.models.sentence_features import Features, relative
from api.analysis.text.document import Text
from api.analysis.text.own_account import OWN_ACCOUNT
from api.training.labelled import claim_supports
from schemas.enums import ClaimSupport

Matrix = NDArray[np.float64]
FEWEST_STORIES = 15  # that contain a word
MAX_CAPITALS = 0.4  # share of a word's capitalised uses inside sentences; above, it is a name
CENTRALITY_RIDGE, SUPPORT_RIDGE = 40.0, 10.0
CENTRAL_WORDS = 900  # the heaviest; the others change no measured figure
STEPS = 600  # of accelerated gradient descent; the loss is flat to five digits after about 400
DIGITS = 4


@dataclass(frozen=True)
class LabelledStory:
    """An analysed story with its sentences' features and its labelled claims (text, support)."""

    document: Text
    features: list[Features]
    claims: list[tuple[str, ClaimSupport]]


def fit(stories: Sequence[LabelledStory], origin: str) -> ClaimWeights:
    """Fit the weights; `origin` goes into the file."""
    rows = [story.features for story in stories]
    vocabulary = _vocabulary(stories)
    return ClaimWeights(
        origin=origin,
        centrality=_centrality(stories, rows, vocabulary),
        support=_support(stories, rows),
    )


def _labels(story: LabelledStory) -> list[ClaimSupport | None]:
    return claim_supports(story.document, story.claims)


def _body(story: LabelledStory) -> list[int]:
    return [n for n, s in enumerate(story.document.sentences) if s.role != "title"]


def _vocabulary(stories: Sequence[LabelledStory]) -> dict[str, int]:
    frequency: Counter[str] = Counter()
    uses: Counter[str] = Counter()
    capitals: Counter[str] = Counter()
    for story in stories:
        known: dict[str, float] = {}
        for sentence in story.document.sentences:
            known |= words_of(sentence.text)
            for word in WORD.findall(sentence.text)[1:]:
                uses[word.lower()] += 1
                capitals[word.lower()] += word[0].isupper()
        frequency.update(known.keys())
    words = sorted(
        word
        for word, count in frequency.items()
        if count >= FEWEST_STORIES and uses[word] and capitals[word] < MAX_CAPITALS * uses[word]
    )
    return {word: column for column, word in enumerate(words)}


def _words(texts: Sequence[str], vocabulary: dict[str, int]) -> csr_matrix:
    rows = [sorted(vocabulary[word] for word in words_of(text) if word in vocabulary) for text in texts]
    columns = [column for row in rows for column in row]
    starts = np.cumsum([0, *map(len, rows)])
    return csr_matrix((np.ones(len(columns)), columns, starts), shape=(len(texts), len(vocabulary)))


def _table(rows: Sequence[Features], names: Sequence[str]) -> Matrix:
    return np.array([[row.get(name, 0.0) for name in names] for row in rows])


def _centrality(
    stories: Sequence[LabelledStory], rows: list[list[Features]], vocabulary: dict[str, int]
) -> LinearModel:
    names = list(next(one[0] for one in rows if one))
    features: list[Features] = []
    texts: list[str] = []
    central: list[int] = []
    for story, own_rows in zip(stories, rows, strict=True):
        differences, labels = relative(own_rows), _labels(story)
        for n in _body(story):
            features.append(differences[n])
            texts.append(story.document.sentences[n].text)
            central.append(int(labels[n] is not None))
    table = _table(features, names)
    scale = table.std(axis=0) + 1e-9
    x = hstack([csr_matrix(table / scale), _words(texts, vocabulary)]).tocsr()
    weights = _softmax_weights(x, np.array(central), 2, CENTRALITY_RIDGE)[0]
    combined = weights[1] - weights[0]
    return LinearModel(
        features=_named(names, combined[: len(names)] / scale),
        words=_heaviest(vocabulary, combined[len(names) :], CENTRAL_WORDS),
    )


def _support(stories: Sequence[LabelledStory], rows: list[list[Features]]) -> dict[str, LinearModel]:
    features: list[Features] = []
    supports: list[ClaimSupport] = []
    for story, own in zip(stories, rows, strict=True):
        account = float(story.document.article.source.type in OWN_ACCOUNT)
        labels = _labels(story)
        for n in _body(story):
            if (label := labels[n]) is not None:
                features.append(own[n] | {"own_account": account})
                supports.append(label)
    names = list(features[0])
    table = _table(features, names)
    scale = table.std(axis=0) + 1e-9
    order = list(ClaimSupport)
    labels_of = np.array([order.index(s) for s in supports])
    weights, biases = _softmax_weights(csr_matrix(table / scale), labels_of, len(order), SUPPORT_RIDGE)
    return {
        support.value: LinearModel(
            features=_named(names, weights[k] / scale) | {"bias": round(float(biases[k]), DIGITS)}, words={}
        )
        for k, support in enumerate(order)
    }


def _softmax_weights(
    x: csr_matrix, labels: NDArray[np.int64], kinds: int, ridge: float
) -> tuple[Matrix, Matrix]:
    """Multinomial logistic regression by accelerated gradient descent: weights and biases by kind."""
    x = hstack([x, csr_matrix(np.ones((x.shape[0], 1)))]).tocsr()
    transposed = x.T.tocsr()  # for row-wise products
    target = np.eye(kinds)[labels]
    direction = np.ones(x.shape[1])
    for _ in range(30):  # the largest eigenvalue of x'x, by power iteration
        direction = transposed @ (x @ direction)
        direction /= np.linalg.norm(direction)
    rate = 1.0 / (0.5 * float(np.linalg.norm(x @ direction)) ** 2 + ridge)
    penalty = np.full(x.shape[1], ridge)
    penalty[-1] = 0.0
    weights = ahead = np.zeros((kinds, x.shape[1]))
    for step in range(STEPS):
        logits = x @ ahead.T
        logits -= logits.max(axis=1, keepdims=True)
        shares = np.exp(logits)
        shares /= shares.sum(axis=1, keepdims=True)
        moved = ahead - rate * ((transposed @ (shares - target)).T + penalty * ahead)
        ahead = moved + step / (step + 3) * (moved - weights)
        weights = moved
    return weights[:, :-1], weights[:, -1]


def _named(names: Sequence[str], weights: Matrix) -> dict[str, float]:
    rounded = {name: round(float(w), DIGITS) for name, w in zip(names, weights, strict=True)}
    return {name: weight for name, weight in rounded.items() if weight}


def _heaviest(vocabulary: dict[str, int], weights: Matrix, most: int) -> dict[str, float]:
    ranked = sorted(vocabulary, key=lambda word: (-abs(weights[vocabulary[word]]), word))[:most]
    return {word: round(float(weights[vocabulary[word]]), DIGITS) for word in sorted(ranked)}
