"""LexRank: the centrality of sentences, as the stationary distribution of a walk over similar sentences.

Erkan and Radev, "LexRank: Graph-based Lexical Centrality as Salience in Text Summarization" (2004), the
continuous form: cosine of TF-IDF vectors as edge weights, power iteration with damping. Quadratic: pass at most
a few hundred sentences.
"""

import numpy as np

from api.analysis.text.content_words import Vectors

DAMPING = 0.85  # the paper's choice, after PageRank
ITERATIONS = 50  # the change is below 1e-6 for texts of this size


def lexrank(sentences: list[tuple[str, ...]]) -> list[float]:
    """A score for each sentence, given as its content words; they sum to 1. [] for no sentence."""
    count = len(sentences)
    if not count:
        return []
    vectors = Vectors(sentences)
    columns = {word: at for at, word in enumerate(sorted({w for words in sentences for w in words}))}
    matrix = np.zeros((count, max(1, len(columns))))
    for at, row in enumerate(vectors.rows):
        for word, value in row.items():
            matrix[at, columns[word]] = value
    similarity = matrix @ matrix.T
    np.fill_diagonal(similarity, 0.0)
    degrees = similarity.sum(axis=1, keepdims=True)
    alone = degrees[:, 0] == 0
    walk = np.where(alone[:, None], 1.0 / count, similarity / np.where(degrees == 0, 1.0, degrees))
    scores = np.full(count, 1.0 / count)
    for _ in range(ITERATIONS):
        scores = (1 - DAMPING) / count + DAMPING * (walk.T @ scores)
    return [float(score) for score in np.round(scores, 9)]
