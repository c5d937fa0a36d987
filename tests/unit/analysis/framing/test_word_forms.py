"""The form of the words of a finding."""

import pytest

from api.analysis.framing.word_forms import Form, forms, tells
from schemas.enums import SpinType
from tests.kit.texts.articles import document


def first_form(text: str, words: str, kind: SpinType = SpinType.HYPE) -> Form | None:
    read = document(text)
    at = read.text.index(words)
    return next(forms(read, kind, at, at + len(words)), None)


class TestForms:
    @pytest.mark.parametrize(
        ("text", "words", "name", "marker", "thing"),
        [
            ("It is the fastest pump in Marl.", "fastest pump", "superlative", "fastest", "the pump"),
            ("It is one of the finest pumps here.", "finest pumps", "among", "finest", "the pumps"),
            ("The new pump is more reliable.", "more reliable", "comparative", "more", "the pump"),
            ("It is a truly open pump.", "truly open pump", "degree", "truly", "the pump"),
            ("We sold a massive number of valves.", "massive number", "size", "massive", None),
            ("They saw massive growth in sales.", "massive growth", "size", "massive", "the growth"),
            ("It has a vibrant user group.", "vibrant user group", "praise", "vibrant", "the user group"),
            ("It is a first-quarter, much admired result.", "first-quarter", None, None, None),
            ("The team is thrilled to share it.", "thrilled to share it", "feeling", "thrilled", None),
            ("This was a wake-up call to us.", "wake-up call", "picture", "wake-up call", None),
            ("It is the only pump here.", "only pump", "sole", "only", None),
            ("It is not a problem of ours.", "not a problem", "denial", "not a problem", None),
            ("It serves the larger group.", "larger group", None, None, None),
            ("It wins over the village.", "wins over the village", "praise", "wins", None),
            (
                "The mill experienced rapid growth.",
                "experienced rapid growth",
                "judgement",
                "rapid",
                "the growth",
            ),
            ("It is a driving force in Marl.", "driving force", None, None, None),
            ("It runs on more and more pumps.", "more pumps", None, None, None),
            ("It is a previously open mill.", "previously open mill", None, None, None),
            ("We cannot afford another year of delay.", "cannot afford", "duty", "cannot afford", "the year"),
            ("They saw great growth.", "great growth", "praise", "great", "the growth"),
            ("It is driven by care.", "driven by care", None, None, None),
            ("He has the means to protect the mill.", "means to protect the mill", None, None, None),
            (
                "She is a remarkable leader of pumps.",
                "remarkable leader",
                "praise",
                "remarkable",
                "the leader",
            ),
            ("It is the leader in pumps.", "leader in pumps", "foremost", "leader in", None),
            ("It offers a deep dive.", "deep dive", None, None, None),
            ("It is a huge honour.", "huge honour", "stress", "huge", "the honour"),
            ("It is memory safe software.", "memory safe software", None, None, None),
            ("It runs on a wildly fast pump.", "wildly fast pump", "degree", "wildly", "the pump"),
            ("It is a fully open pump.", "fully open pump", "total", "fully", "the pump"),
            ("It is for the next generation.", "next generation", None, None, None),
            (
                "It is a next generation pump.",
                "next generation pump",
                "newness",
                "next generation",
                None,
            ),
            ("It adds to the quality of life.", "quality of life", None, None, None),
            ("Our sincerest hope is with you.", "sincerest hope", "feeling", "hope", None),
            ("It can run wild for better or for worse.", "run wild for better", "judgement", "wild", None),
            ("It is unlikely to last.", "unlikely to last", None, None, None),
            (
                "We had a vibrant and total party.",
                "vibrant and total party",
                "praise",
                "vibrant",
                "the party",
            ),
            ("It is a sturdy and patient pump.", "patient pump", "judgement", "patient", "the pump"),
            ("The plan puts people first.", "puts people first", None, None, None),
            ("It sold ten pumps in the first half.", "the first half", None, None, None),
            ("It is part of modern society.", "modern society", None, None, None),
            ("Leaving was never easy for us.", "easy", "judgement", "easy", None),
            ("We stress once more that it ran.", "stress once more", None, None, None),
            ("It is completely open to all.", "completely open", "degree", "completely", None),
            ("It is not only easy for us.", "easy", "praise", "easy", None),
            ("Every Cup helps the town.", "Every Cup helps", None, None, None),
        ],
    )
    def test_are_told_by_words_and_tags(
        self, text: str, words: str, name: str | None, marker: str | None, thing: str | None
    ) -> None:
        form = first_form(text, words)
        assert (form.name, form.marker, form.thing) == (name, marker, thing) if form else name is None

    @pytest.mark.parametrize("words", ["no innocent threat", "hardly a danger"])
    def test_of_what_is_denied_are_denials_also_where_the_words_alarm(self, words: str) -> None:
        form = first_form(f"The deal is {words} to the town.", words, SpinType.STAMPEDE)
        assert form is not None
        assert form.name == "denial"

    def test_of_a_virtue_come_before_a_comparison(self) -> None:
        form = first_form(
            "They show a commitment to better pumps.", "commitment to better pumps", SpinType.HALO
        )
        assert form is not None
        assert form.name == "virtue"

    def test_of_praise_belong_to_no_alarm(self) -> None:
        text = "The office has great powers."
        found = [first_form(text, "great powers", kind) for kind in (SpinType.HYPE, SpinType.STAMPEDE)]
        assert [form and form.name for form in found] == ["praise", "judgement"]

    def test_of_what_is_small_come_before_the_mild_word_that_it_makes_small(self) -> None:
        form = first_form("There was minimal disruption.", "minimal disruption", SpinType.CUSHION)
        assert form is not None
        assert (form.name, form.marker, form.thing) == ("small", "minimal", "the disruption")

    def test_name_no_thing_across_a_preposition(self) -> None:
        form = first_form("Renowned for its calm approach, the mill sells pumps.", "Renowned")
        assert form is None or form.thing is None

    def test_of_a_comparison_need_its_second_side_to_be_left_out(self) -> None:
        said = first_form("The pump is more reliable than the old one from Corrin.", "more reliable")
        assert said is None or said.name != "comparative"

    @pytest.mark.parametrize(
        ("kind", "name"),
        [(SpinType.STAMPEDE, "danger"), (SpinType.HYPE, "trouble"), (SpinType.FOG, None)],
    )
    def test_of_a_trouble_depend_on_the_type(self, kind: SpinType, name: str | None) -> None:
        form = first_form("It was a looming shortage.", "shortage", kind)
        assert (form and form.name) == name

    def test_of_a_trouble_are_of_no_thing_that_deals_with_it(self) -> None:
        form = first_form("It is a powerful issue reader.", "powerful issue reader")
        assert form is not None
        assert (form.name, form.thing) == ("praise", "the issue reader")

    @pytest.mark.parametrize(
        ("name", "kind", "told"),
        [
            ("newness", SpinType.HYPE, True),
            ("newness", SpinType.CUSHION, False),
            ("newness", SpinType.STAMPEDE, False),
            ("mild", SpinType.CUSHION, True),
            ("duty", SpinType.SHIELD, True),
            ("duty", SpinType.CUSHION, False),
            ("prospect", SpinType.CUSHION, True),
            ("prospect", SpinType.FOG, False),
            ("danger", SpinType.STAMPEDE, True),
        ],
    )
    def test_tell_how_words_of_some_types_steer(self, name: str, kind: SpinType, told: bool) -> None:
        assert tells(name, kind) is told

    def test_soften_only_in_a_softening_type(self) -> None:
        text, words = "The move is part of our transition.", "transition"
        form = first_form(text, words, SpinType.CUSHION)
        assert form is not None
        assert (form.name, form.target) == ("mild", "change")
        assert first_form(text, words, SpinType.HYPE) is None

    def test_name_no_thing_that_is_a_name_or_says_too_little(self) -> None:
        for text in ("It is a vibrant Corrin.", "It is a vibrant one."):
            form = first_form(text, "vibrant")
            assert form is not None
            assert form.thing is None
