"""Whether bytes look like the start of a page."""

import pytest

from api.errors import NotHtml
from api.pages.extraction import extract
from api.web.html_start import MAX_HEAD, looks_like_html
from tests.kit.servers.cpu_limit import cpu_seconds


class TestLooksLikeHtml:
    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"plain words",
            b"\x00\x01\x02",
            b"<p>a paragraph",
            b"<htmls>",
            b"<!doctypehtml>",
            b"<!doctype svg>",
            b"<!doctype htmlx>",
            b"<!-- a comment without end <html>",
            b"<!-->-->x",
            b"words <html>",
            b" " * MAX_HEAD + b"<html>",
        ],
    )
    def test_refuses_what_begins_otherwise(self, body: bytes) -> None:
        assert not looks_like_html(body)

    @pytest.mark.parametrize(
        "body",
        [
            b"<html>",
            b"<HTML lang=en>",
            b"<head>",
            b"<body",
            b"<!DOCTYPE html>",
            b"<!doctype \n html PUBLIC>",
            b" \r\n\t<html/>",
            b"<!-- first --> <!-- > second -->\n<!doctype html>",
            b"<!---->" * 100 + b"<html>",
        ],
    )
    def test_takes_what_begins_as_a_page(self, body: bytes) -> None:
        assert looks_like_html(body)

    def test_takes_no_time_over_many_comments(self) -> None:
        setup = "from api.web.html_start import looks_like_html"
        assert cpu_seconds(setup, "assert not looks_like_html(b'<!---->' * 580 + b'x')") < 1


class TestExtraction:
    def test_refuses_bytes_without_a_content_type(self) -> None:
        with pytest.raises(NotHtml):
            extract(b"plain words", url="https://news.brightwater.example/a", typed=False)

    def test_accepts_a_page_without_a_content_type(self) -> None:
        page = b"<!doctype html><title>Turbine opens</title><p>It turns."
        assert extract(page, url=None, typed=False).title == "Turbine opens"

    def test_asks_no_beginning_of_what_a_site_calls_a_page(self) -> None:
        assert extract(b"<title>Turbine opens</title><p>It turns.", url=None).title == "Turbine opens"
