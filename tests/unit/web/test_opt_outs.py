"""Opt-outs of use by language models, in markup and headers."""

import pytest

from api.web.opt_outs import OptOut, opt_outs_of_headers, opt_outs_of_markup


class TestMarkup:
    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("robots", ""),
            ("robots", "noindex, nofollow"),
            ("robots", "noarchive,nosnippet,max-snippet:0"),
            ("robots", "all-noai-welcome"),
            ("robots", "noaid"),
            ("description", "noai"),
            ("googlebot-news", "noindex"),
            ("tdm-reservation", "0"),
            ("tdm-reservation", "10"),
            ("tdm-reservation", ""),
            ("tdm-policy", "1"),
        ],
    )
    def test_without_one(self, name: str, content: str) -> None:
        assert opt_outs_of_markup([(name, content)]) == set()

    @pytest.mark.parametrize(
        ("name", "content", "place"),
        [
            ("robots", "noai", OptOut.META_ROBOTS),
            (" Robots ", "index,NoAI", OptOut.META_ROBOTS),
            ("robots", "noimageai", OptOut.META_ROBOTS),
            ("robots", "noindex noml", OptOut.META_ROBOTS),
            ("tdm-reservation", " 1 ", OptOut.META_TDM),
            ("TDM-Reservation", "1", OptOut.META_TDM),
        ],
    )
    def test_with_one(self, name: str, content: str, place: OptOut) -> None:
        assert opt_outs_of_markup([("robots", "index"), (name, content)]) == {place}

    def test_with_two(self) -> None:
        metas = [("robots", "noai"), ("robots", "all"), ("tdm-reservation", "1")]
        assert opt_outs_of_markup(metas) == {OptOut.META_ROBOTS, OptOut.META_TDM}


class TestHeaders:
    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"x-robots-tag": "noindex, unavailable_after: 25 Jun 2031 15:00:00 PST"},
            {"tdm-reservation": "0"},
            {"tdm-policy": "1"},
            {"robots": "noai"},
        ],
    )
    def test_without_one(self, headers: dict[str, str]) -> None:
        assert opt_outs_of_headers(headers) == set()

    @pytest.mark.parametrize(
        ("headers", "place"),
        [
            ({"x-robots-tag": "noai"}, OptOut.HEADER_ROBOTS),
            ({"x-robots-tag": "noindex, otherbot: noai, noimageai"}, OptOut.HEADER_ROBOTS),
            ({"x-robots-tag": "NOML"}, OptOut.HEADER_ROBOTS),
            ({"tdm-reservation": "1"}, OptOut.HEADER_TDM),
            ({"tdm-reservation": "0, 1"}, OptOut.HEADER_TDM),
        ],
    )
    def test_with_one(self, headers: dict[str, str], place: OptOut) -> None:
        assert opt_outs_of_headers(headers) == {place}
