"""The wording of a whole text: learned weights of words and word pairs.

Detectors explain single places, but most differences between texts are in common words that no rule names. A
term's weight is TF-IDF (Salton and Buckley 1988) times a coefficient of a ridge regression, summed over the
text. The score's sum is split into steering and plain terms, so that the ledger shows the words on either side.
The other outputs (types, stances) enter the logits only.

Limits: words of a new topic have no weight; speakers are ignored; names are excluded. `wording_training.py` fits
the weights (`wording.json`) on the training stories alone.
"""

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import log1p, sqrt

from msgspec import Struct

from api.analysis.text.data_files import data_file
from api.analysis.text.signals import Places

SCORE = "score"  # the output in the ledger; the others are named for a type, a stance, the evidence
_WORD = re.compile(r"[a-z](?:[a-z'-]*[a-z])?")


class WordingModel(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """`terms` maps a word or pair to its inverse document frequency and its coefficient for each of `outputs`.

    `bases` are the outputs of a text without known terms. The score's coefficients are in points.
    """

    origin: str
    outputs: list[str]
    bases: list[float]
    terms: dict[str, tuple[float, ...]]


@cache
def wording() -> WordingModel:
    """The shipped model."""
    return data_file("models/wording.json", WordingModel)


def term_places(folded: str) -> Iterator[tuple[str, int, int]]:
    """The (term, start, end) of every word, and of every word pair without a mark between, in a folded text."""
    previous, opened, reached = "", 0, 0
    for match in _WORD.finditer(folded):
        word = match.group()
        start, end = match.span()
        yield word, start, end
        if previous and folded[reached:start].isspace():
            yield f"{previous} {word}", opened, end
        previous, opened, reached = word, start, end


@dataclass(frozen=True, slots=True)
class WordingResult:
    """The terms of a text that a model knows: their places, and their TF-IDF in alphabetical order.

    `norm` is the length of the TF-IDF vector, `outputs` are the model's.
    """

    places: dict[str, Places]
    values: dict[str, float]
    norm: float
    outputs: dict[str, float]


def places_of(folded: str, known: Container[str]) -> dict[str, Places]:
    """The places of the known terms in a folded text."""
    places: dict[str, Places] = {}
    for term, start, end in term_places(folded):
        if term in known:
            places.setdefault(term, []).append((start, end))
    return places


def apply_wording_model(places: Mapping[str, Places], model: WordingModel) -> WordingResult:
    """Apply the model to a text with terms at these places."""
    own = {term: places[term] for term in sorted(places) if term in model.terms}
    values = {term: log1p(len(found)) * model.terms[term][0] for term, found in own.items()}
    norm = sqrt(sum(value * value for value in values.values())) or 1.0
    return WordingResult(own, values, norm, _outputs(model, values, norm))


def _outputs(model: WordingModel, values: dict[str, float], norm: float) -> dict[str, float]:
    outputs = list(model.bases)
    for term, value in values.items():
        share = value / norm
        outputs = [
            output + coefficient * share
            for output, coefficient in zip(outputs, model.terms[term][1:], strict=True)
        ]
    return dict(zip(model.outputs, outputs, strict=True))
