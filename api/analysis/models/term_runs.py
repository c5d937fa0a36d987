"""Loaded terms from token probabilities, shared by all taggers.

Runs of likely tokens become terms, without function words at their ends.
"""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from api.analysis.text.lexicon import words
from api.analysis.text.signals import TaggedTerm

Floats = NDArray[np.float64]
_OUTSIDE = -6.0  # log-odds beyond a text's ends
_WINDOW = 3  # tokens to either side
_FURTHEST = 6.0  # standard deviations; values are clipped to it
_STOPS = frozenset(".;:!?“”()")  # no term crosses them
_MARKS = tuple(".,;:()“”\"'‘’—–-")
# no term begins or ends with these
_LOOSE = frozenset(_MARKS) | words(
    "the a an and or of to in on for with that is are was it its by as at this"
)


class TermWeights(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """`first`: weight of each feature of a token. `means`, `spreads`, `second`: of the second pass's columns.

    `threshold` is the lowest probability of a loaded token.
    """

    origin: str
    first_base: float
    first: dict[str, float]
    means: list[float]
    spreads: list[float]
    second: list[float]
    second_base: float
    threshold: float


def probabilities(weights: TermWeights, columns: Floats) -> Floats:
    """The probability that each token is loaded, by the second pass's columns."""
    scaled = (columns - np.array(weights.means)) / np.array(weights.spreads)
    odds = np.clip(scaled, -_FURTHEST, _FURTHEST) @ np.array(weights.second) + weights.second_base
    result: Floats = 1 / (1 + np.exp(-odds))
    return result


def around(odds: Floats, sentence: NDArray[np.int_], sentences: int) -> Floats:
    """Log-odds of a token and its neighbours, their means, the sentence's maximum, and the rank in the text."""
    number = len(odds)
    padded = np.concatenate([np.full(_WINDOW, _OUTSIDE), odds, np.full(_WINDOW, _OUTSIDE)])
    window = np.stack([padded[k : k + number] for k in range(2 * _WINDOW + 1)], axis=1)
    near = window[:, 2:5].mean(axis=1)
    triples = np.stack([near, window[:, 3:6].mean(axis=1), window[:, 1:4].mean(axis=1)], axis=1)
    highest = np.full(max(sentences, 1), -9.0)
    np.maximum.at(highest, sentence, odds)
    rank = np.argsort(np.argsort(-near, kind="stable"), kind="stable")
    return np.column_stack(
        [
            window,
            near,
            window[:, 1:6].mean(axis=1),
            triples.max(axis=1),
            highest[sentence],
            odds - highest[sentence],
            np.log(rank / max(number, 1) + 0.002),
        ]
    )


def runs(
    text: Sequence[str],
    places: Sequence[tuple[int, int]],
    sentences: Sequence[int],
    probability: Floats,
    threshold: float,
) -> list[TaggedTerm]:
    """Runs of tokens above the threshold, bridging gaps of one token, within a sentence and its marks.

    `text` are the lower-case tokens, `places` their (start, end), `sentences` the numbers of their sentences.
    """
    on = probability > threshold
    on[1:-1] |= on[:-2] & on[2:]
    terms: list[TaggedTerm] = []
    place = 0
    while place < len(text):
        if not on[place]:
            place += 1
            continue
        last = place
        while (
            last + 1 < len(text)
            and on[last + 1]
            and sentences[last + 1] == sentences[place]
            and text[last + 1] not in _STOPS
        ):
            last += 1
        inner = [at for at in range(place, last + 1) if text[at] not in _LOOSE]
        if inner:
            mean = float(probability[inner[0] : inner[-1] + 1].mean())
            terms.append(TaggedTerm(places[inner[0]][0], places[inner[-1]][1], mean))
        place = last + 1
    return terms
