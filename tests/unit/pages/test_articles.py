"""Article records, the input of engines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.analysis.text.article import MAX_CHARACTERS, SourceFacts
from api.pages.articles import article_from_page, article_from_text
from api.pages.extraction import extract
from schemas.enums import InputFlag, SourceType

SOURCE = SourceFacts(name="Ashford Courier", type=SourceType.MEDIA, host="ashford-courier.example")
TEXT = "First line of it\nand its second.\n\n\n  Another   paragraph.\r\n\r\nThe last."
ANY_TEXT = st.text(max_size=400)


class TestArticleFromText:
    def test_keeps_paragraphs_and_folds_spaces(self) -> None:
        article = article_from_text("A title", TEXT, "Someone", SourceType.NGO)
        assert (
            article.text == "A title\n\nFirst line of it\nand its second.\n\nAnother paragraph.\n\nThe last."
        )
        assert article.text[article.body_start :].startswith("First line")
        assert (article.title, article.source.name, article.source.type) == (
            "A title",
            "Someone",
            SourceType.NGO,
        )
        assert (article.url, article.source.host, article.flags) == (None, None, [])

    def test_does_without_title_and_source(self) -> None:
        article = article_from_text(None, TEXT, None, None)
        assert (article.title, article.body_start, article.source.type) == ("", 0, SourceType.OTHER)

    def test_flags_text_that_is_cut(self) -> None:
        article = article_from_text("T", "A word follows. " * 20_000, None, None)
        assert article.flags == [InputFlag.TRUNCATED]
        assert len(article.text) <= MAX_CHARACTERS

    def test_flags_a_sentence_too_long_to_be_read_whole(self) -> None:
        assert article_from_text("T", "word " * 1_000, None, None).flags == [InputFlag.SENTENCE_SPLIT]

    @pytest.mark.parametrize("text", ["a\x00b", "a\ud800b"])
    def test_flags_characters_that_no_store_can_hold(self, text: str) -> None:
        article = article_from_text("T", text, None, None)
        assert article.flags == [InputFlag.INVALID_ENCODING]
        assert "a\ufffd" in article.text
        assert text not in article.text

    @given(ANY_TEXT | st.none(), ANY_TEXT)
    def test_makes_a_record_of_any_text(self, title: str | None, text: str) -> None:
        article = article_from_text(title, text, None, None)
        assert article.digest == article_from_text(title, text, None, None).digest
        assert 0 <= article.body_start <= len(article.text)
        assert article.text.startswith(article.title)
        article.text.encode()


class TestArticleFromPage:
    PAGE = extract(
        b"<html><head><title>A title</title></head><body><article><p>One sentence of the story stands here.</p>"
        b"<p>Another one follows it, as sentences do.</p></article></body></html>",
        url="https://ashford-courier.example/a",
    )

    def test_takes_over_what_the_page_says(self) -> None:
        article = article_from_page(self.PAGE, url="https://ashford-courier.example/a", source=SOURCE)
        assert article.title == "A title"
        assert article.text == "A title\n\n" + self.PAGE.text
        assert article.text[article.body_start :] == self.PAGE.text
        assert (article.source, article.url) == (SOURCE, "https://ashford-courier.example/a")
        assert article.extractor.startswith("trafilatura ")

    def test_lets_a_submitter_name_the_story(self) -> None:
        assert article_from_page(self.PAGE, url=None, source=SOURCE, title="Another").title == "Another"
        assert article_from_page(self.PAGE, url=None, source=SOURCE, title="").body_start == 0

    def test_makes_a_record_of_an_empty_page(self) -> None:
        article = article_from_page(extract(b"", url=None), url=None, source=SOURCE)
        assert (article.text, article.title, article.body_start, article.words) == ("", "", 0, 0)
        headline = article_from_page(extract(b"<title>Only this</title>", url=None), url=None, source=SOURCE)
        assert (headline.text, headline.title, headline.words) == ("Only this", "Only this", 0)
