"""The barest fact of the news."""

import pytest

from api.analysis.content.bad_news import bad_news_sentences
from api.analysis.content.news import told
from api.analysis.content.plain_facts import plain_facts
from schemas.enums import SpinType
from tests.kit.texts.articles import document

TITLE = "Orrinware brings its works closer to growers"
SOFT = (
    "Orrinware opens a new chapter for its works in Tarn. We hope to support our colleagues in every way. "
    "Around 74 posts in Tarn are expected to be touched. The works in Orrin will no longer be needed."
)


def plain(body: str, kind: SpinType, at: int = 1, title: str = TITLE) -> str | None:
    read = document(body, title)
    sentence = read.sentences[at]
    bad = [told(read, [s], None, None) for s in bad_news_sentences(read, kind, [sentence])]
    return plain_facts(read, kind, told(read, [sentence], None, None), bad, None, None)


class TestPlainFacts:
    @pytest.mark.parametrize("body", ["", "Rain and wind.", "Will it rain in Tarn? It did."])
    def test_are_none_if_nothing_can_be_told(self, body: str) -> None:
        read = document(body, "A valley: a story")
        assert plain_facts(read, SpinType.HYPE, None, [], None, None) is None

    def test_are_the_bad_news_of_a_text_that_softens(self) -> None:
        assert plain(SOFT, SpinType.CUSHION) == (
            "around 74 posts in Tarn are expected to be touched, and the works in Orrin will no longer be needed"
        )

    def test_are_the_news_of_a_text_that_praises(self) -> None:
        assert plain(SOFT, SpinType.HYPE) == "Orrinware opens a new chapter for its works in Tarn"

    def test_are_told_by_the_body_rather_than_by_the_title(self) -> None:
        body = "Orrinware opens an outstanding works with 40 pumps in Tarn."
        assert plain(body, SpinType.HYPE, at=0) == "Orrinware opens a works with 40 pumps in Tarn"

    @pytest.mark.parametrize(
        ("news", "fact"),
        [
            (
                "But in the next few weeks, Orrinware is going to run a test: it wants to buy pumps in Tarn.",
                "in the next few weeks, Orrinware is going to run a test: it wants to buy pumps in Tarn",
            ),
            (
                "And Orrinware proudly shows the pumps that growers made in Tarn.",
                "Orrinware shows the pumps that growers made in Tarn",
            ),
        ],
    )
    def test_are_the_news_rather_than_another_fact(self, news: str, fact: str) -> None:
        assert plain(f"Orrinware makes pumps. {news} Rain fell.", SpinType.HYPE, 2) == fact

    def test_point_to_no_other_sentence(self) -> None:
        body = "Orrinware will close its works in Tarn. Orrinware closes this plant with 40 pumps in May."
        assert plain(body, SpinType.HYPE, 2) == "Orrinware will close its works in Tarn"

    def test_are_no_sentence_that_a_line_break_cuts(self) -> None:
        body = "Orrinware will close its works in Tarn.\n\nOrrinware shows the 40 pumps of the\n\nvalley in Tarn."
        assert plain(body, SpinType.HYPE, 1) == "Orrinware will close its works in Tarn"

    def test_are_told_by_the_title_if_the_body_tells_nothing(self) -> None:
        assert plain("Rain and wind.", SpinType.HYPE, at=0) == "Orrinware brings its works closer to growers"

    def test_are_no_boast(self) -> None:
        body = "Orrinware represents a thrilling revolution and a spectacular triumph."
        assert plain(body, SpinType.HYPE, 1) is None
        sold = "Growers can rent the pump in Tarn for 40 crowns a day."
        assert (
            plain(f"{body} {sold}", SpinType.HYPE, 1)
            == "growers can rent the pump in Tarn for 40 crowns a day"
        )

    def test_claim_no_rank(self) -> None:
        body = "Orrinware opens the world's first self-cleaning pump plant in Tarn."
        assert plain(body, SpinType.HYPE, 1) == "Orrinware opens a self-cleaning pump plant in Tarn"

    def test_point_to_no_moment_told_before(self) -> None:
        body = (
            "Orrinware will close its works in Tarn. Orrinware found a partner in that moment with 40 pumps."
        )
        assert plain(body, SpinType.HYPE, 2) == "Orrinware will close its works in Tarn"

    @pytest.mark.parametrize(
        "other",
        [
            "Orrinware tests its works in Tarn with 40 pumps in the course of such talks.",
            "Orrinware shows the following 40 pumps in Tarn.",
            "With 40 pumps Orrinware is still working on answering it.",
        ],
    )
    def test_hang_on_no_other_sentence(self, other: str) -> None:
        assert plain(f"Orrinware will close its works in Tarn. {other}", SpinType.HYPE, 2) == (
            "Orrinware will close its works in Tarn"
        )

    def test_are_the_deed_in_figures_and_the_bad_news(self) -> None:
        body = f"Orrinware moves its 14 mills to Quell. {SOFT.partition('. ')[2]}"
        assert plain(body, SpinType.CUSHION) == (
            "around 74 posts in Tarn are expected to be touched, and Orrinware moves its 14 mills to Quell"
        )

    def test_are_no_notice_that_a_text_is_issued(self) -> None:
        body = "Orrinware published its annual report. Orrinware sold 40 pumps to growers in Tarn."
        assert plain(body, SpinType.HYPE, 1) == "Orrinware sold 40 pumps to growers in Tarn"

    def test_are_rather_told_by_a_sentence_without_loaded_words(self) -> None:
        body = "Orrinware opens a bold works in Tarn. Orrinware opens a pump shop in Quell."
        read = document(body, TITLE)
        start = read.text.index("bold")
        loaded = [(start, start + 4), (start + 5, start + 10)]
        assert plain_facts(read, SpinType.HYPE, None, [], None, None) == "Orrinware opens a works in Tarn"
        assert (
            plain_facts(read, SpinType.HYPE, None, [], None, None, loaded)
            == "Orrinware opens a pump shop in Quell"
        )

    def test_keep_the_modifier_that_is_the_news(self) -> None:
        body = "Orrinware demonstrated robust trading in Tarn in the first half of 2031."
        assert plain(body, SpinType.HYPE, 1) == body[:-1]

    def test_are_nothing_without_figure_and_name_that_hardly_tells_the_news(self) -> None:
        news = (
            "Orrinware announced today that it will open three new works for its growers in May: two in Tarn."
        )
        body = f"{news} Rain fell on the road in the night."
        assert plain(body, SpinType.HYPE, 1, "Rain and wind") is None
