"""Suggestions and the evidence for them: on the same subject, with grounds, or omitted."""

import pytest

from api.analysis.content.absent_item import AbsentItem
from api.analysis.content.spin_vs_substance import spin_vs_substance
from api.analysis.models.encoded_document import EncodedDocument
from api.analysis.models.sentence_features import sentence_features
from api.analysis.text.spans import spans
from schemas.assessments import Finding
from schemas.enums import SpinType
from tests.kit.texts.articles import document

CLAIM = "Kovacek says a revolutionary harvest robot ends the labour shortage within two years."


def finding(read: EncodedDocument) -> Finding:
    start = read.text.index("revolutionary")
    return Finding(
        id="f1",
        rule="excitement",
        label="Praise",
        explanation="“revolutionary” praises.",
        type=SpinType.HYPE,
        tactic=None,
        voice="document",
        points=100,
        spans=spans(read.text, start, start + len("revolutionary")),
    )


def substance(other: str, title: str = "A robot for greenhouses", absent: bool = False) -> list[str | None]:
    read = document(f"{CLAIM} {other}", title)
    lacking = [AbsentItem("price", "what the robot costs", "a price", "What does it cost?")] if absent else []
    pairs = spin_vs_substance(read, SpinType.HYPE, [finding(read)], lacking, sentence_features(read))
    return [pair.substance.text or pair.substance.absent for pair in pairs]


class TestSpinVsSubstance:
    @pytest.mark.parametrize(
        "other",
        [
            "Kovacek, who left medicine after twelve years, says she has no regrets.",
            "A harvest robot is a lovely thing to look at.",
            "A harvest robot of the firm Credit: Talia Brandmoor, 40 plates",
            "Would 40 a harvest robot be enough?",
        ],
    )
    def test_takes_no_chance_words_and_nothing_without_grounds(self, other: str) -> None:
        assert substance(other) == []

    def test_says_what_is_absent_if_nothing_grounds_the_strongest_sentence(self) -> None:
        assert substance("Nobody came.", absent=True) == ["The text does not say what the robot costs."]

    @pytest.mark.parametrize("place", [(0, 5), None])
    def test_asks_for_nothing_that_another_sentence_leaves_open(self, place: tuple[int, int] | None) -> None:
        read = document(f"{CLAIM} Nobody came.", "A robot for greenhouses")
        lacking = [AbsentItem("proof", "on what it rests", "proof", "On what?", place=place)]
        pairs = spin_vs_substance(read, SpinType.HYPE, [finding(read)], lacking, sentence_features(read))
        assert bool(pairs) == (place is None)

    def test_of_a_text_without_a_type_are_none(self) -> None:
        read = document(CLAIM)
        assert spin_vs_substance(read, SpinType.NONE, [finding(read)], [], sentence_features(read)) == []

    def test_takes_no_title(self) -> None:
        assert substance("Nobody came.", "Harvest robot picks 40 crates") == []

    @pytest.mark.parametrize(
        "other",
        [
            "In a trial the harvest robot picked 40 crates an hour.",
            "The harvest robot cannot work in the rain.",
            "According to Talia Brandmoor, the harvest robot was slow.",
        ],
    )
    def test_takes_a_figure_a_limit_or_a_named_source_on_the_matter(self, other: str) -> None:
        assert substance(other) == [other]
