"""Linear models over sentence features and words: which are central claims, and how they are supported.

The weights (`claim_weights.json`) are fitted by `claim_training.py` on the labelled training stories alone;
evaluation stories take no part, or the figures measured on them would say nothing. Sums run in a fixed order,
so that equal texts give equal bits.
"""

import re
from collections.abc import Mapping

from msgspec import Struct

from api.analysis.text.data_files import data_file

WORD = re.compile(r"[A-Za-z][A-Za-z'’-]+")


class LinearModel(Struct, kw_only=True, frozen=True):
    """A weight for each feature and each word."""

    features: dict[str, float]
    words: dict[str, float]

    def score(self, features: Mapping[str, float], words: Mapping[str, float]) -> float:
        """The weighted sum; what the model does not know counts nothing."""
        known = sum(weight * features.get(name, 0.0) for name, weight in self.features.items())
        return known + sum(self.words[word] * words[word] for word in sorted(words) if word in self.words)


class ClaimWeights(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """All models of the file; `origin` says what they learned from."""

    origin: str
    centrality: LinearModel
    support: dict[str, LinearModel]


_WEIGHTS = data_file("models/claim_weights.json", ClaimWeights)
CENTRALITY = _WEIGHTS.centrality  # features less their document's mean, and 1 for each word
SUPPORT = _WEIGHTS.support  # by support: features as they are, `own_account`, `bias`


def words_of(text: str) -> dict[str, float]:
    """The distinct words of a text in lower case, each with value 1."""
    return dict.fromkeys((match.group().lower() for match in WORD.finditer(text)), 1.0)
