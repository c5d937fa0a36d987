"""Linear heads over the encoder's sentence vectors: a careful reader's marks of each sentence.

Fitted by `heads_training.py` to readers' marks of real stories that the encoder has not seen. Each value is the
expected mark: strengths of 0 to 3 for the means by which a sentence steers, else a chance of 0 to 1.
"""

from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
MARKS = (
    "hype",
    "halo",
    "stampede",
    "cushion",
    "shield",
    "fog",
    "critical",
    "balance",
    "relayed",  # another's words without distance
    "doubted",  # words that the story tests
    "owned",  # the actor takes the blame
    "news",  # tells what happened
    "steering",  # the strongest of the six types
    "claim",  # a central claim
    "asserted",  # a central claim without support
)
COLUMN = {name: number for number, name in enumerate(MARKS)}
MAX_COLUMN = 8.0  # bound of an encoder's column, which are log-odds in part


def sentence_marks(vectors: Floats, columns: Floats, positions: Floats) -> Floats:
    """The values of MARKS, one row a sentence, by its vector, its columns of `encoder.py` and its position."""
    inputs = np.concatenate([vectors, np.clip(columns, -MAX_COLUMN, MAX_COLUMN), positions], axis=1)
    weights = _weights()
    return np.asarray(inputs @ weights[:-1] + weights[-1], np.float32)


@cache
def _weights() -> Floats:
    with (files("api.analysis.models") / "sentence_heads.npz").open("rb") as file, np.load(file) as stored:
        weights: Floats = stored["weights"]
    return weights
