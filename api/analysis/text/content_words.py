"""Similarity of sentences by their content words: lemmas of nouns, names, verbs and adjectives."""

import math
from collections import Counter


class Vectors:
    """Unit TF-IDF vectors of a document's sentences, and the unit vector of their sum.

    A term's weight in a sentence is its count times log((N + 1) / df), for N sentences, of which df have the
    term (Salton and Buckley, "Term-weighting approaches in automatic text retrieval", 1988).
    """

    def __init__(self, sentences: list[tuple[str, ...]]) -> None:
        frequency = Counter(word for words in sentences for word in dict.fromkeys(words))
        weight = {word: math.log((len(sentences) + 1) / n) for word, n in frequency.items()}
        self.rows = [self._unit({w: n * weight[w] for w, n in Counter(words).items()}) for words in sentences]
        total: dict[str, float] = {}
        for row in self.rows:
            for word, value in row.items():
                total[word] = total.get(word, 0.0) + value
        self.centre = self._unit(total)

    def centrality(self, number: int) -> float:
        """Cosine of sentence `number` with the sum of all sentences, 0-1."""
        return sum(value * self.centre.get(word, 0.0) for word, value in self.rows[number].items())

    def similarity(self, first: int, second: int) -> float:
        """Cosine of two sentences, 0-1."""
        other = self.rows[second]
        return sum(value * other.get(word, 0.0) for word, value in self.rows[first].items())

    @staticmethod
    def _unit(row: dict[str, float]) -> dict[str, float]:
        length = math.sqrt(sum(value * value for value in row.values()))
        return {word: value / length for word, value in row.items()} if length else row
