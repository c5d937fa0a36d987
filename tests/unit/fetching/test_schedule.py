"""Polling intervals of feeds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.fetching.schedule import MAX_S, delay_after_failure, delay_after_success, next_interval

BOUNDS = {"least_s": 300, "most_s": 21_600}


class TestNextInterval:
    def test_settles_at_the_bounds(self) -> None:
        often = seldom = 900
        for _ in range(30):
            often = next_interval(often, news=True, **BOUNDS)
            seldom = next_interval(seldom, news=False, **BOUNDS)
        assert (often, seldom) == (300, 21_600)

    @given(st.lists(st.booleans(), max_size=50))
    def test_stays_within_the_bounds(self, polls: list[bool]) -> None:
        interval = 900
        for news in polls:
            interval = next_interval(interval, news=news, **BOUNDS)
            assert 300 <= interval <= 21_600


class TestDelays:
    def test_keep_feeds_apart_that_were_added_together(self) -> None:
        delays = [
            delay_after_success(1_000, chance, cache_control=None, most_s=21_600)
            for chance in (0.0, 0.5, 1.0)
        ]
        assert delays == [900.0, 1_000.0, 1_100.0]

    @pytest.mark.parametrize(
        ("header", "delay"),
        [
            ("public, max-age=3600", 3_600.0),
            ('max-age="3600"', 3_600.0),
            ("max-age=60", 1_000.0),
            ("s-maxage=9000", 1_000.0),
            ("max-age=999999999", 21_600.0),
            ("max-age=x", 1_000.0),
            ("no-cache", 1_000.0),
        ],
    )
    def test_respect_how_long_an_answer_is_fresh(self, header: str, delay: float) -> None:
        assert delay_after_success(1_000, 0.5, cache_control=header, most_s=21_600) == delay

    def test_double_with_each_failure_up_to_a_day(self) -> None:
        delays = [delay_after_failure(1_000, failures, 0.5, retry_after_s=None) for failures in (1, 2, 3, 99)]
        assert delays == [2_000.0, 4_000.0, 8_000.0, MAX_S]

    def test_are_as_long_as_a_site_asks_but_no_longer_than_a_day(self) -> None:
        assert delay_after_failure(1_000, 1, 0.5, retry_after_s=9_000) == 9_000
        assert delay_after_failure(1_000, 1, 0.5, retry_after_s=1) == 2_000
        assert delay_after_failure(1_000, 1, 0.5, retry_after_s=1e9) == MAX_S
