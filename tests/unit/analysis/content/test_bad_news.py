"""Bad news that a text tells late or in soft words, and words that take the blame."""

import pytest

from api.analysis.content.bad_news import bad_news_sentences, words_of_blame
from schemas.assessments import Happening
from schemas.enums import HappeningKind, SpinType
from tests.kit.texts.articles import document

BODY = (
    "Orrinware opens a new chapter. We are grateful to all of our colleagues in the valley. "
    "A loss of some pumps was sad. Sales fell by 38 percent, and 40 workers were laid off in Tarn."
)
SOFT = (
    "Orrinware brings its strengths together under one roof. The works will enjoy a planned surplus and no debt. "
    "In line with the new shape, 74 posts in Tarn fall within the scope of a review."
)


class TestBadNews:
    @pytest.mark.parametrize("body", [BODY, SOFT])
    def test_is_told_first_by_the_sentence_with_most_of_it_and_a_figure(self, body: str) -> None:
        read = document(body)
        assert bad_news_sentences(read, SpinType.CUSHION, [read.sentences[0]])[0] == read.sentences[-1]

    @pytest.mark.parametrize(
        "sentence",
        [
            "From June our standing charge will rise from 54p to 71p in the valley.",
            "About 1,300 patients of the clinic in Tarn are being notified by mail.",
            "Over the past week Orrinware said goodbye to 38 friends in Tarn.",
            "Instead of 21 November, the engine will open in the spring of next year.",
            "Some of the payments in Tarn were not processed in time.",
            "Altogether 38 of us will be moving on from the works in Tarn.",
            "In the spring Orrinware will be parting ways with many of those who built the pumps.",
            "Forty roles at the works in Tarn are no longer needed.",
            "On 1 September we will be sunsetting the pump plan in Tarn.",
            "Two of the three founders, Mara and Orla, will be leaving Orrinware in May of 2031.",
            "The report of 21 March told of a compromise of several test hosts in Tarn.",
            "Sales of pumps decreased by approximately $11.5 million in the year.",
            "The plan for the valley comes with a reduction in our workforce of a tenth.",
        ],
    )
    def test_is_told_in_soft_words_too(self, sentence: str) -> None:
        read = document(f"Orrinware opens a new chapter. {sentence}")
        assert bad_news_sentences(read, SpinType.CUSHION, [read.sentences[0]]) == [read.sentences[-1]]

    @pytest.mark.parametrize(
        "sentence",
        [
            "Interest expenses of the works declined to $11.5 million in the year.",
            "The four villages come with contracts expected to close in the spring of next year.",
        ],
    )
    def test_is_no_cost_that_falls_and_no_deal_that_is_completed(self, sentence: str) -> None:
        read = document(f"Orrinware opens a new chapter. {sentence}")
        assert bad_news_sentences(read, SpinType.CUSHION, [read.sentences[0]]) == []

    def test_is_told_first_by_the_total(self) -> None:
        parts = "Sales in Tarn decreased by 3.1 percent. Sales of pumps decreased by 9.4 percent."
        read = document(
            f"Orrinware opens a new chapter. Sales of the works decreased by 5.2 percent. {parts}"
        )
        assert bad_news_sentences(read, SpinType.CUSHION, [read.sentences[0]])[0] == read.sentences[1]

    @pytest.mark.parametrize(
        ("kind", "news"), [(SpinType.HYPE, 0), (SpinType.CUSHION, 3), (SpinType.NONE, 1)]
    )
    def test_is_not_asked_for_where_nothing_softens_or_the_news_tells_it(
        self, kind: SpinType, news: int
    ) -> None:
        read = document(BODY)
        assert bad_news_sentences(read, kind, [read.sentences[news]]) == []

    @pytest.mark.parametrize(
        "sentence",
        [
            "Orrinware opens a new plant for its pumps in Tarn.",
            "The people of Tarn like to go to the new plant.",
            "They were laid off at the works in Tarn last year.",
            "If a pump is no longer needed, it can be returned to the works.",
            "A second key is no longer needed to open the pumps of Tarn.",
            "Let us go to Tarn and see the new plant of the works.",
            "We hope to support colleagues who leave and thank them for staying safe.",
            "“All 40 of our workers were laid off in Tarn,” said Mara Venn.",
        ],
    )
    def test_is_not_in_good_news_nor_in_a_sentence_that_points_back(self, sentence: str) -> None:
        assert bad_news_sentences(document(sentence), SpinType.FOG, []) == []


class TestWordsOfBlame:
    CONFESSION = "We failed to test the pumps of Tarn. That was our mistake. The pumps are safe now."

    def test_are_the_sentence_that_takes_it(self) -> None:
        assert words_of_blame(document(self.CONFESSION), None) in (
            "We failed to test the pumps of Tarn",
            "That was our mistake",
        )

    @pytest.mark.parametrize(
        "text",
        [
            "The pumps of Tarn failed. Mistakes were made by others. The pumps are safe now.",
            "We failed to test one pump. Orrinware opens a new plant in Tarn.",
        ],
    )
    def test_are_none_without_an_owner_or_for_a_single_one_elsewhere(self, text: str) -> None:
        assert words_of_blame(document(text), None) is None

    def test_a_single_one_is_enough_in_an_apology(self) -> None:
        apology = Happening(kind=HappeningKind.APOLOGY_OR_CORRECTION, subject=None, spans=[])
        text = "We failed to test one pump. Orrinware will pay."
        assert words_of_blame(document(text), apology) == "We failed to test one pump"
