"""Fits `wording.json`: one ridge regression with several outputs on TF-IDF of words and pairs.

Solved in dual form, since there are fewer documents than terms. Ridge and frequencies were chosen by five-fold
cross-validation on the training stories.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log, log1p

import numpy as np
from numpy.typing import NDArray

from api.analysis.models.wording import SCORE, WordingModel, term_places
from schemas.enums import SpinType, Stance

Matrix = NDArray[np.float64]
FEWEST = 6  # stories that contain a term
MAX_CAPITALS = 0.4  # share of a word's uses inside clauses; above, it is a name
RIDGE = 0.5
SECONDARY = 0.3  # a secondary type's share in the target; the primary's is 1
SHOWN = 1_500  # terms with the largest weights on the score; others change it by under a point
DIGITS = 3
OUTPUTS = [SCORE, *(kind.value for kind in SpinType), *(f"{stance.value}_stance" for stance in Stance)]


@dataclass(frozen=True)
class Words:
    """A document's terms with their counts, and how often each word was used and capitalised inside clauses."""

    terms: dict[str, int]
    uses: dict[str, int]
    capitals: dict[str, int]


def count_words(text: str, folded: str) -> Words:
    """Count the words of a text and of its folded form, which has the same offsets."""
    terms: Counter[str] = Counter()
    uses: Counter[str] = Counter()
    capitals: Counter[str] = Counter()
    reached = 0
    for term, start, end in term_places(folded):
        terms[term] += 1
        if " " not in term:
            # only inside a clause does a capital indicate a name
            if text[reached:start].isspace():
                uses[term] += 1
                capitals[term] += text[start].isupper()
            reached = end
    return Words(dict(terms), dict(uses), dict(capitals))


def targets(
    scores: Sequence[float],
    kinds: Sequence[tuple[SpinType, SpinType | None]],
    stances: Sequence[Stance],
) -> Matrix:
    """One row a document, one column for each of OUTPUTS; a type's columns share 1."""
    table = np.zeros((len(scores), len(OUTPUTS)))
    table[:, 0] = scores
    for row, ((primary, secondary), stance) in enumerate(zip(kinds, stances, strict=True)):
        share = {primary: 1.0} | ({secondary: SECONDARY} if secondary and secondary is not primary else {})
        for kind, part in share.items():
            table[row, OUTPUTS.index(kind.value)] = part / sum(share.values())
        table[row, OUTPUTS.index(f"{stance.value}_stance")] = 1.0
    return table


def vocabulary(documents: Sequence[Words], fewest: int = FEWEST) -> dict[str, float]:
    """Terms of at least `fewest` documents that are no names, with their inverse document frequency."""
    frequency: Counter[str] = Counter()
    uses: Counter[str] = Counter()
    capitals: Counter[str] = Counter()
    for document in documents:
        frequency.update(document.terms.keys())
        uses.update(document.uses)
        capitals.update(document.capitals)
    named = {word for word, count in uses.items() if capitals[word] >= MAX_CAPITALS * count}
    return {
        term: log((1 + len(documents)) / (1 + count)) + 1
        for term, count in sorted(frequency.items())
        if count >= fewest and named.isdisjoint(term.split())
    }


def design(documents: Sequence[Words], idf: dict[str, float]) -> Matrix:
    """TF-IDF rows of length 1."""
    columns = {term: (number, weight) for number, (term, weight) in enumerate(idf.items())}
    table = np.zeros((len(documents), len(columns)))
    for row, document in enumerate(documents):
        for term, count in document.terms.items():
            if term in columns:
                number, weight = columns[term]
                table[row, number] = log1p(count) * weight
    norms = np.sqrt((table * table).sum(axis=1, keepdims=True))
    result: Matrix = table / np.where(norms > 0, norms, 1.0)
    return result


def ridge_table(x: Matrix, y: Matrix, weight: Matrix, penalty: float) -> tuple[Matrix, Matrix]:
    """Coefficients (columns of x by columns of y) and bases of a weighted ridge regression, in dual form."""
    middle = x.mean(axis=0)
    base = np.average(y, axis=0, weights=weight)
    root = np.sqrt(weight)[:, None]
    rows = (x - middle) * root
    solved = np.linalg.solve(rows @ rows.T + penalty * np.eye(len(rows)), (y - base) * root)
    beta: Matrix = rows.T @ solved
    return beta, base - middle @ beta


def fit_wording(documents: Sequence[Words], y: Matrix, weight: Matrix, origin: str) -> WordingModel:
    """Fit the model to the documents; `y` is the result of `targets`."""
    idf = vocabulary(documents)
    beta, base = ridge_table(design(documents, idf), y, weight, RIDGE)
    light = np.argsort(-np.abs(beta[:, 0]), kind="stable")[SHOWN:]
    beta[light, 0] = 0.0
    return WordingModel(
        origin=origin,
        outputs=OUTPUTS,
        bases=[round(float(value), DIGITS) for value in base],
        terms={
            term: (round(weight, DIGITS), *(round(float(value), DIGITS) for value in row))
            for (term, weight), row in zip(idf.items(), beta, strict=True)
        },
    )


def apply_wording(model: WordingModel, documents: Sequence[Words]) -> Matrix:
    """The outputs for the documents, one row each, as in `wording_measures`."""
    idf = {term: values[0] for term, values in model.terms.items()}
    beta = np.array([values[1:] for values in model.terms.values()])
    result: Matrix = design(documents, idf) @ beta + np.array(model.bases)
    return result


def sides(model: WordingModel, documents: Sequence[Words]) -> tuple[Matrix, Matrix]:
    """The points for steering and for plain text in each document, both at least 0."""
    idf = {term: values[0] for term, values in model.terms.items()}
    points = np.array([values[1 + model.outputs.index(SCORE)] for values in model.terms.values()])
    x = design(documents, idf)
    return x @ np.maximum(points, 0), x @ np.maximum(-points, 0)
