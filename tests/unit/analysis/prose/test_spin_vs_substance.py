"""Suggestions and the evidence for them: on the same subject, with grounds, or omitted."""

import pytest

from api.analysis.content.absent_item import AbsentItem
from api.analysis.models.encoded_document import EncodedDocument
from api.analysis.models.sentence_features import sentence_features
from api.analysis.prose.spin_vs_substance import spin_vs_substance
from api.analysis.text.spans import spans
from schemas.assessments import Finding, Spin
from schemas.enums import Band, SpinType, Stance
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


def spin(kind: SpinType = SpinType.HYPE) -> Spin:
    return Spin(
        primary=kind,
        secondary=None,
        tactic=None,
        tactic_name=None,
        score=50,
        band=Band.STRONG,
        confidence=None,
        interval=None,
        stance=Stance.PROMOTIONAL,
        emphasis=None,
    )


def substance(
    other: str, title: str = "A robot for greenhouses", *, absent: bool = False, of_news: bool = False
) -> list[str | None]:
    read = document(f"{CLAIM} {other}", title)
    lacking = [AbsentItem("price", "what the robot costs", "a price", "What does it cost?")] if absent else []
    news = [read.sentences[1]] if of_news else []
    pairs = spin_vs_substance(read, spin(), [finding(read)], lacking, sentence_features(read), news)
    return [pair.substance.text or pair.substance.absent for pair in pairs]


class TestSpinVsSubstance:
    @pytest.mark.parametrize(
        "other",
        [
            "Kovacek, who left medicine after twelve years, says she has no regrets.",
            "Rain fell on the road to the harvest robot.",
            "A harvest robot of the firm Credit: Talia Brandmoor, 40 plates",
            "Would 40 a harvest robot be enough?",
            "However, critics warn that only 40 of the 60 promises of the mayor can be kept.",
            "But the labour board of Tarn has warned that its plan may fail in 40 towns.",
            "About Kovacek: the harvest robot picked 40 crates an hour.",
            "The harvest robot of 40 crates is not financial advice.",
            "The board vouches for the harvest robot and its labour.",
        ],
    )
    def test_takes_no_chance_words_and_nothing_without_grounds(self, other: str) -> None:
        assert substance(other) == []

    @pytest.mark.parametrize("of_news", [False, True])
    def test_says_what_the_account_of_the_news_lacks_only_of_the_news(self, of_news: bool) -> None:
        lacking = ["The text does not say what the robot costs."] if of_news else []
        assert substance("Nobody came.", absent=True, of_news=of_news) == lacking

    @pytest.mark.parametrize(
        ("code", "place", "said"), [("proof", (0, 5), 0), ("author_stake", None, 0), ("proof", None, 1)]
    )
    def test_asks_for_nothing_that_another_sentence_leaves_open_nor_about_the_teller(
        self, code: str, place: tuple[int, int] | None, said: int
    ) -> None:
        read = document(f"{CLAIM} Nobody came.", "A robot for greenhouses")
        lacking = [AbsentItem(code, "on what it rests", "proof", "On what?", place=place)]
        pairs = spin_vs_substance(
            read, spin(), [finding(read)], lacking, sentence_features(read), [read.sentences[1]]
        )
        assert len(pairs) == said

    def test_says_what_the_sentence_leaves_open_in_its_own_words(self) -> None:
        read = document(
            "Nobody came. The revolutionary robot is the world's leading pump for growers.", "Tarn"
        )
        pairs = spin_vs_substance(read, spin(), [finding(read)], [], sentence_features(read))
        assert [pair.substance.absent for pair in pairs] == [
            "The text does not say what the words “the world's leading pump for growers” rest on."
        ]

    def test_takes_no_sentence_that_says_the_same(self) -> None:
        assert substance("Kovacek says 40 revolutionary harvest robots end the labour shortage.") == []

    def test_says_that_the_strongest_sentence_names_no_figure_if_nothing_else_is_due(self) -> None:
        read = document("The robot is a truly wonderful and groundbreaking leap for all growers.", "Tarn")
        pairs = spin_vs_substance(read, spin(), [], [], sentence_features(read))
        assert [pair.substance.absent for pair in pairs] == [
            "The sentence names no figure, test or source for it."
        ]

    def test_sets_the_strongest_sentence_against_bad_news_in_figures(self) -> None:
        loss = "The net loss of the third quarter came to 4.2 million euros."
        read = document(
            f"The robot is a truly wonderful and groundbreaking leap for all growers. {loss}", "Tarn"
        )
        pairs = spin_vs_substance(read, spin(), [], [], sentence_features(read))
        assert [pair.substance.text for pair in pairs] == [loss]

    def test_of_a_text_without_a_type_are_none(self) -> None:
        read = document(CLAIM)
        found = spin_vs_substance(read, spin(SpinType.NONE), [finding(read)], [], sentence_features(read))
        assert found == []

    def test_takes_no_title(self) -> None:
        assert substance("Nobody came.", "Harvest robot picks 40 crates") == []

    @pytest.mark.parametrize(
        "other",
        [
            "In a trial the harvest robot picked 40 crates an hour.",
            "The harvest robot cannot work in the rain.",
            "The robot cannot work in the rain of the valley.",
            "According to Talia Brandmoor, the harvest robot was slow.",
        ],
    )
    def test_takes_a_figure_a_limit_or_a_named_source_on_the_matter(self, other: str) -> None:
        assert substance(other) == [other]
