"""Linear models over sentence features and words: central claims and their support.

`claim_training.py` fits the weights (`claim_weights.json`) on the training stories alone, so that evaluation
stories stay unseen. Sums run in a fixed order: equal texts give equal bits.
"""

import re
from collections.abc import Mapping

from msgspec import Struct

from api.analysis.text.data_files import data_file

WORD = re.compile(r"[A-Za-z][A-Za-z'’-]+")


class LinearModel(Struct, kw_only=True, frozen=True):
    """A weight for each feature and word."""

    features: dict[str, float]
    words: dict[str, float]

    def score(self, features: Mapping[str, float], words: Mapping[str, float]) -> float:
        """The weighted sum of known features and words."""
        known = sum(weight * features.get(name, 0.0) for name, weight in self.features.items())
        return known + sum(self.words[word] * words[word] for word in sorted(words) if word in self.words)


class ClaimWeights(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """All models of the file; `origin` names the training data."""

    origin: str
    centrality: LinearModel
    support: dict[str, LinearModel]


_WEIGHTS = data_file("models/claim_weights.json", ClaimWeights)
CENTRALITY = _WEIGHTS.centrality  # features less their document's mean, and 1 for each word
SUPPORT = _WEIGHTS.support  # by support: unchanged features, `own_account`, `bias`


def words_of(text: str) -> dict[str, float]:
    """The distinct lower-case words of a text, each with value 1."""
    return dict.fromkeys((match.group().lower() for match in WORD.finditer(text)), 1.0)
