"""Measures of the models over words. One search finds the known words of all models."""

from api.analysis.models.wording import SCORE, WordingResult, apply_wording_model, places_of, wording
from api.analysis.text.document import Text
from api.analysis.text.signals import Measure, Places, merged

STEERING, PLAIN = "wording_steering", "wording_plain"
LABELS = {STEERING: "Wording of texts that steer", PLAIN: "Wording of plain texts"}


def known_places(document: Text) -> dict[str, Places]:
    """The places of the known words in a text."""
    return document.once(_known_places)


def wording_result(document: Text) -> WordingResult:
    """The wording model's result for a text."""
    return document.once(_wording_result)


def wording_measures(document: Text) -> list[Measure]:
    """Both sides of the score with their places, and every other output."""
    model = wording()
    result = wording_result(document)
    places, values, norm = result.places, result.values, result.norm
    sides: dict[bool, float] = {True: 0.0, False: 0.0}
    shown: dict[bool, Places] = {True: [], False: []}
    column = 1 + model.outputs.index(SCORE)
    for term, value in values.items():
        if points := model.terms[term][column] * value / norm:
            sides[points > 0] += abs(points)
            shown[points > 0] += places[term]
    return [
        Measure(STEERING, sides[True], merged(shown[True])),
        Measure(PLAIN, sides[False], merged(shown[False])),
        *(Measure(f"says_{name}", value, []) for name, value in result.outputs.items()),
    ]


def _known_places(document: Text) -> dict[str, Places]:
    return places_of(document.folded, document.known_words)


def _wording_result(document: Text) -> WordingResult:
    return apply_wording_model(known_places(document), wording())
