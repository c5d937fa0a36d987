"""Dates in the formats of web pages."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.pages.page_metadata import parse_moment


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
