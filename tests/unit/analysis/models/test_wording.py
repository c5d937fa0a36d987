"""The wording model: its counts, and that training and inference compute the same."""

import numpy as np
import pytest

from api.analysis.engines.fast.skimming import TaggedText, skim
from api.analysis.models.wording import SCORE, term_places, wording
from api.analysis.models.wording_measures import LABELS, wording_measures
from api.training.wording_training import apply_wording, count_words, sides
from tests.kit.texts.articles import article
from tests.kit.texts.framed_texts import HYPE


def skimmed(body: str, title: str = "") -> TaggedText:
    """As the fast engine reads it; the full one has no such measures."""
    return skim(article(body, title))


class TestTermPlaces:
    def test_makes_no_pair_across_a_mark(self) -> None:
        terms = [term for term, _, _ in term_places("it rains. we wait")]
        assert terms == ["it", "rains", "it rains", "we", "wait", "we wait"]

    def test_gives_the_place_of_each_term(self) -> None:
        text = "a “new” thing’s thing’s end"
        for term, start, end in term_places(text):
            assert text[start:end].replace("’", "'").split() == term.split()


class TestWordingMeasures:
    def test_say_nothing_of_a_text_without_known_words(self) -> None:
        measures = {m.code: m for m in wording_measures(skimmed("Zzyzx qwvx. " * 30))}
        assert all(measures[code].value == 0 for code in LABELS)
        assert all(measures[code].places == [] for code in LABELS)

    def test_lead_to_places_in_order_that_do_not_overlap(self) -> None:
        for measure in wording_measures(skimmed(HYPE, "A title")):
            if measure.code in LABELS:
                assert measure.places
                ends = [0, *(end for _, end in measure.places)]
                assert all(start >= before for before, (start, _) in zip(ends, measure.places, strict=False))

    def test_equal_what_training_computes(self) -> None:
        text = skimmed(HYPE, "A title")
        model, words = wording(), count_words(text.text, text.folded)
        found = {m.code: m.value for m in wording_measures(text)}
        for name, value in zip(model.outputs, apply_wording(model, [words])[0], strict=True):
            assert found[f"says_{name}"] == pytest.approx(value)
        steering, plain = sides(model, [words])
        assert found["wording_steering"] == pytest.approx(float(steering[0]))
        assert found["wording_plain"] == pytest.approx(float(plain[0]))
        base = model.bases[model.outputs.index(SCORE)]
        assert np.isclose(found["says_score"], base + steering[0] - plain[0])
