"""Dates in the formats of web pages, and opt-outs of use by language models."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from api.analysis.text.article import SourceFacts
from api.pages.articles import article_from_page
from api.pages.extracted import Extracted
from api.pages.extraction import extract
from api.pages.page_metadata import parse_moment
from api.web.opt_outs import OptOut
from schemas.enums import SourceType
from tests.kit.texts.pages import article_page


def _digest(page: Extracted) -> str:
    source = SourceFacts(name="Brightwater", type=SourceType.MEDIA, host="news.brightwater.example")
    return article_from_page(page, url=None, source=source).digest


class TestOptOuts:
    @pytest.mark.parametrize(
        ("head", "places"),
        [
            ("", []),
            ('<meta name="robots" content="noindex"><!-- <meta name="robots" content="noai"> -->', []),
            ('<meta property="robots" content="noai">', []),
            ('<meta name="robots" content="index"><META NAME="ROBOTS" CONTENT="noai">', [OptOut.META_ROBOTS]),
            (
                "<meta name=tdm-reservation content=1><meta name=robots content=noml>",
                [OptOut.META_ROBOTS, OptOut.META_TDM],
            ),
        ],
    )
    def test_are_found_in_the_markup_and_do_not_change_the_article(
        self, head: str, places: list[OptOut]
    ) -> None:
        page = extract(article_page(head=head), url="http://news.brightwater.example/turbine")
        assert page.opt_outs == sorted(places)
        plain = extract(article_page(), url="http://news.brightwater.example/turbine")
        assert replace(page, opt_outs=[]) == plain
        assert _digest(page) == _digest(plain)

    def test_are_not_read_from_plain_text(self) -> None:
        head = '<meta name="robots" content="noai">'
        assert extract(article_page(head=head), url=None, content_type="text/plain").opt_outs == []


class TestParseMoment:
    @pytest.mark.parametrize(
        "text",
        [
            "",
            "yesterday",
            "2031-13-01",
            "31/12/2031",
            "1969-12-31T00:00:00Z",
            "0001-01-01T00:00:00+23:59",
            "May 2031",
        ],
    )
    def test_refuses_what_is_no_moment_of_the_web(self, text: str) -> None:
        assert parse_moment(text) is None

    @pytest.mark.parametrize(
        ("text", "moment"),
        [
            ("2031-05-04", datetime(2031, 5, 4, tzinfo=UTC)),
            ("2031-05-04T09:30:00+02:00", datetime(2031, 5, 4, 7, 30, tzinfo=UTC)),
            (" 2031-05-04 09:30:00 ", datetime(2031, 5, 4, 9, 30, tzinfo=UTC)),
            ("2031-05-04T09:30:00.123456Z", datetime(2031, 5, 4, 9, 30, 0, 123000, tzinfo=UTC)),
            ("Sun, 04 May 2031 09:30:00 GMT", datetime(2031, 5, 4, 9, 30, tzinfo=UTC)),
        ],
    )
    def test_reads_a_moment_as_utc(self, text: str, moment: datetime) -> None:
        assert parse_moment(text) == moment

    @given(st.text(max_size=40))
    def test_never_fails(self, text: str) -> None:
        moment = parse_moment(text)
        assert moment is None or moment.tzinfo is UTC
