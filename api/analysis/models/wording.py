"""The wording of a text as a whole: words and word pairs with learned weights, beside the detectors' few.

Detectors say why a place steers; most of how texts differ is in their common words, which no rule names. Each
word's and pair's weight is TF-IDF (Salton and Buckley 1988) times a coefficient of a ridge regression, summed
over the text. For the score the sum is split into what speaks for steering and what speaks for plain telling,
so that the ledger leads to the words on either side. The other outputs (how much the wording is that of a
type, a stance) enter the logits only.

Limits: it learns vocabulary, so a new topic's words say nothing, and it does not see who speaks. Names are left
out. The weights (`wording.json`) come from `wording_training.py`, on the training stories alone.
"""

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import log1p, sqrt

from msgspec import Struct

from api.analysis.text.data_files import data_file
from api.analysis.text.signals import Places

SCORE = "score"  # the output that the ledger shows; the others are named for a type, a stance, the evidence
_WORD = re.compile(r"[a-z](?:[a-z'-]*[a-z])?")


class WordingModel(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """`terms` maps a word or pair to its inverse document frequency and its coefficient for each of `outputs`.

    `bases` are what each output is where no term is known. Coefficients of the score count points.
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
    """Every word and every pair of neighbours without a mark between, (term, start, end), of a folded text."""
    before, opened, reached = "", 0, 0
    for match in _WORD.finditer(folded):
        word = match.group()
        start, end = match.span()
        yield word, start, end
        if before and folded[reached:start].isspace():
            yield f"{before} {word}", opened, end
        before, opened, reached = word, start, end


@dataclass(frozen=True, slots=True)
class Worded:
    """The terms of a text that a model knows: their places, their TF-IDF in the order of the alphabet.

    `norm` is the length of that vector, `outputs` what the model says of the text.
    """

    places: dict[str, Places]
    values: dict[str, float]
    norm: float
    outputs: dict[str, float]


def places_of(folded: str, known: Container[str]) -> dict[str, Places]:
    """Where the known terms stand in a folded text."""
    places: dict[str, Places] = {}
    for term, start, end in term_places(folded):
        if term in known:
            places.setdefault(term, []).append((start, end))
    return places


def worded(places: Mapping[str, Places], model: WordingModel) -> Worded:
    """What a model says of a text in which terms stand at these places."""
    own = {term: places[term] for term in sorted(places) if term in model.terms}
    values = {term: log1p(len(found)) * model.terms[term][0] for term, found in own.items()}
    norm = sqrt(sum(value * value for value in values.values())) or 1.0
    return Worded(own, values, norm, _outputs(model, values, norm))


def _outputs(model: WordingModel, values: dict[str, float], norm: float) -> dict[str, float]:
    outputs = list(model.bases)
    for term, value in values.items():
        share = value / norm
        outputs = [
            output + coefficient * share
            for output, coefficient in zip(outputs, model.terms[term][1:], strict=True)
        ]
    return dict(zip(model.outputs, outputs, strict=True))
