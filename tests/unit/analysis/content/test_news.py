"""The sentence that tells the news, and the news as another would report it."""

import pytest
from msgspec.structs import replace

from api.analysis.content.news import news_sentences, retold, shown_news, told
from api.analysis.content.news_choice import news_measures
from api.analysis.text.document import Document
from api.analysis.text.spans import spans
from schemas.assessments import Happening
from schemas.enums import HappeningKind
from tests.kit.texts.articles import document


def happening(read: Document, quote: str) -> Happening:
    start = read.text.index(quote)
    places = spans(read.text, start, start + len(quote))
    return Happening(kind=HappeningKind.LAUNCH, subject="Orrinware", spans=places)


def statement(sentence: str, actor: str | None = "Orrinware", subject: str | None = None) -> str | None:
    read = document(sentence)
    return told(read, [read.sentences[0]], actor, subject).statement


class TestShownNews:
    BODY = "Rain fell on the valley. Quillon Corp. will close its pump works in Tarn in May."

    @pytest.mark.parametrize("empty", ["It's time to look back on our pumps.", "That was our year of pumps."])
    def test_is_a_sentence_that_can_be_told(self, empty: str) -> None:
        read = document(f"{empty} {self.BODY}")
        assert told(read, read.sentences[:1], None, None).statement is None
        assert shown_news(read, read.sentences[:1], None, None).statement in {
            "rain fell on the valley",
            "Quillon Corp. will close its pump works in Tarn in May",
        }

    def test_is_the_title_that_states_something(self) -> None:
        read = document(self.BODY, "Quillon Closes Its Pump Works")
        news = shown_news(read, read.sentences[:1], None, None)
        assert (news.statement, news.quote) == (None, "Quillon Closes Its Pump Works")

    def test_is_whole_in_a_title_without_a_tense(self) -> None:
        read = document(self.BODY, "Tarn Man Indicted for Theft of Pumps")
        assert told(read, read.sentences[:1], None, None).is_whole


class TestNewsSentences:
    def test_are_none_without_a_happening(self) -> None:
        read = document("Orrinware opened a plant in Tarn.")
        assert news_sentences(read, None) == []
        assert news_sentences(read, Happening(kind=HappeningKind.NO_EVENT, subject=None, spans=[])) == []

    def test_are_the_sentence_of_the_body_that_restates_a_title(self) -> None:
        body = "Rain fell. Orrinware has opened a new plant for pumps in Tarn, it said. The plant is large."
        read = document(body, "Orrinware opens plant for pumps in Tarn")
        found = news_sentences(read, happening(read, read.sentences[0].text))
        assert [s.text for s in found] == ["Orrinware has opened a new plant for pumps in Tarn, it said."]

    def test_are_the_title_if_nothing_restates_it(self) -> None:
        read = document(
            "Rain fell on the valley. The plant is large.", "Orrinware opens a pump works in Tarn"
        )
        assert news_sentences(read, happening(read, read.sentences[0].text)) == [read.sentences[0]]

    @pytest.mark.parametrize(
        "title", ["Why the price of pumps changes", "A new chapter: where we go from here", "Is it over?"]
    )
    def test_are_in_the_body_if_the_title_states_nothing(self, title: str) -> None:
        read = document("It rained. We will close 3 plants in Tarn. When Mara wakes, it is dark.", title)
        assert [s.text for s in news_sentences(read, happening(read, title))] == [
            "We will close 3 plants in Tarn."
        ]

    @pytest.mark.parametrize(
        "announcement",
        ["We are sharing an update on our pumps.", "In this post, we show how we run our plants."],
    )
    def test_are_in_the_body_if_a_sentence_only_announces_news(self, announcement: str) -> None:
        read = document(f"{announcement} We will close 3 plants in Tarn.")
        found = news_sentences(read, happening(read, announcement))
        assert [s.text for s in found] == ["We will close 3 plants in Tarn."]

    @pytest.mark.parametrize(
        ("title", "thesis"),
        [
            ("Why clean pumps matter to Tarn", "clean pumps matter to Tarn"),
            ("How old pumps can save the valley", "old pumps can save the valley"),
        ],
    )
    def test_are_the_title_of_an_argument_that_takes_its_thesis_as_given(
        self, title: str, thesis: str
    ) -> None:
        read = document("It rained. We will close 3 plants in Tarn.", title)
        argument = replace(happening(read, title), kind=HappeningKind.TREND_OR_ARGUMENT)
        found = news_sentences(read, argument)
        assert found == [read.sentences[0]]
        news = told(read, found, None, None)
        assert (news.statement, news.quote, news.is_whole) == (thesis, thesis, True)

    @pytest.mark.parametrize(
        "title", ["Why is the pump of Tarn dry", "Why does it matter?", "How pumps work"]
    )
    def test_are_no_title_that_only_asks(self, title: str) -> None:
        read = document("It rained. We will close 3 plants in Tarn.", title)
        argument = replace(happening(read, title), kind=HappeningKind.TREND_OR_ARGUMENT)
        assert read.sentences[0] not in news_sentences(read, argument)

    def test_are_no_quotation_of_somebody_whom_it_does_not_name(self) -> None:
        news = "Mayor Orla Threlkeld released the following statement on the pumps of Tarn."
        read = document(f"{news} “The pumps of Tarn have failed the growers of the valley.”")
        assert [s.text for s in news_sentences(read, happening(read, news))] == [news]

    def test_leave_a_heading_out(self) -> None:
        assert statement("Summary The pumps of Tarn cannot wait.", None) == "the pumps of Tarn cannot wait"

    def test_leave_a_label_of_the_title_out(self) -> None:
        read = document("Rain fell on the valley.", "Guest post: The pumps of Tarn cannot wait")
        assert told(read, [read.sentences[0]], None, None).statement == "the pumps of Tarn cannot wait"

    def test_join_a_fragment_with_its_sentence(self) -> None:
        read = document('Orrinware Inc. (TRN: ORW) ("Orrinware") opened a plant for pumps in Tarn.')
        found = news_sentences(read, happening(read, read.text))
        assert " ".join(s.text for s in found) == read.text

    def test_join_what_a_line_break_parts(self) -> None:
        read = document("Orrinware has opened a works\n\nfor pumps in the valley of Tarn. Rain fell.")
        found = news_sentences(read, happening(read, "Orrinware has opened a works"))
        assert told(read, found, None, None).statement == (
            "Orrinware has opened a works for pumps in the valley of Tarn"
        )

    def test_that_point_back_give_way_to_the_title(self) -> None:
        read = document("Rain fell. That decision cost 40 workers their place.", "Orrinware closes its works")
        assert told(read, [read.sentences[2]], None, None).quote == "Orrinware closes its works"


class TestMeasures:
    def test_leave_a_question_out(self) -> None:
        read = document("Rain fell on the valley. Can we trust the pumps of Tarn? They run well.")
        assert [index for index, _ in news_measures(read)] == [0, 2]

    def test_know_the_background_by_its_years(self) -> None:
        read = document(
            "Orrinware built its works in Tarn in 2011. It opened another in May 2024. It will be clean by 2050."
        )
        assert [m["background"] for _, m in news_measures(read)] == [1.0, 0.0, 0.0]


class TestToldOfAShare:
    def test_has_whoever_acts_behind_the_share_that_heads_it(self) -> None:
        text = "Quillon Corp. (NYSE: QLL): Orrin Partners updates its report on Quillon."
        assert statement(text, actor=None) == "Orrin Partners updates its report on Quillon"


class TestPlain:
    @pytest.mark.parametrize(
        ("sentence", "plain"),
        [
            (
                "Orrinware opens an outstanding works for its innovative pumps.",
                "Orrinware opens a works for its pumps",
            ),
            ("Orrinware sold a staggering 40 pumps in Tarn.", "Orrinware sold 40 pumps in Tarn"),
            ("Orrinware is a leading and trusted maker of pumps in Tarn.", None),
            ("The results of Orrinware were not significant in Tarn.", None),
            ("Orrinware opens a works for pumps in Tarn.", None),
            ("There will be minimal disruption to the works in Tarn.", None),
        ],
    )
    def test_is_the_statement_without_praise(self, sentence: str, plain: str | None) -> None:
        read = document(sentence)
        assert told(read, [read.sentences[0]], "Orrinware", None).plain == plain


class TestArticles:
    @pytest.mark.parametrize(
        ("sentence", "plain"),
        [
            (
                "Orrinware has a truly innovative, unparalleled plan for Tarn.",
                "Orrinware has a plan for Tarn",
            ),
            (
                "Orrinware has an incredibly innovative plan for the pumps of Tarn.",
                "Orrinware has a plan for the pumps of Tarn",
            ),
            (
                "Orrinware opens a remarkable MRI unit for the people of Tarn.",
                "Orrinware opens an MRI unit for the people of Tarn",
            ),
            (
                "Orrinware has an exceptional one-year plan for the pumps of Tarn.",
                "Orrinware has a one-year plan for the pumps of Tarn",
            ),
            ("An exceptional plan was agreed by all of Tarn.", "a plan was agreed by all of Tarn"),
            (
                "Orrinware buys a significant 40 percent stake in the pump works.",
                "Orrinware buys a 40 percent stake in the pump works",
            ),
            (
                "Orrinware cuts a staggering 40 jobs at its plant in Tarn.",
                "Orrinware cuts 40 jobs at its plant in Tarn",
            ),
        ],
    )
    def test_fit_the_word_that_follows_without_an_adjective(self, sentence: str, plain: str) -> None:
        read = document(sentence)
        assert told(read, [read.sentences[0]], "Orrinware", None).plain == plain

    def test_fit_the_word_that_follows_without_brackets(self) -> None:
        assert statement("Orrinware gave a (so far) important pump to the people of Tarn.") == (
            "Orrinware gave an important pump to the people of Tarn"
        )


class TestRetold:
    @pytest.mark.parametrize(
        ("sentence", "said"),
        [
            ("We are proud to open a plant for pumps in Tarn.", "Orrinware opens a plant for pumps in Tarn"),
            ("I opened a plant for pumps in Tarn.", None),
            ("I wrote to you all again and again in spring, and Orrinware opened a plant.", None),
        ],
    )
    def test_is_the_statement_unless_it_loses_most_of_the_words(
        self, sentence: str, said: str | None
    ) -> None:
        read = document(sentence)
        assert retold(read, read.sentences[0], "Orrinware", "Orrinware") == said
