"""How much a text reads like a page rather than a story, by the sentence encoder.

A story is told; offers, lists, terms, instructions, threads and digests are not, in whatever words. A ridge
regression on the mean of the sentences' vectors, fitted by `training/pages.py` to pages of many kinds and hands,
and to published stories; `weights` are those of the vector and, last, the base.
"""

from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def page_likeness(pooled: Floats) -> float:
    """Above 0 if the text reads like a page, as 3 of 1,000 published stories do; `pooled` is `Encoded.pooled`."""
    weights = _weights()
    return float(pooled @ weights[:-1] + weights[-1])


@cache
def _weights() -> Floats:
    with (files("api.analysis.models") / "page_weights.npz").open("rb") as file, np.load(file) as stored:
        weights: Floats = stored["weights"]
    return weights
