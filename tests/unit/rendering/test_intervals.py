"""Intervals: published quantiles, and properties of any sample."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.rendering.intervals import mean_interval, share_interval, student_t


class TestStudentT:
    # 95 % quantiles from a table of the distribution
    @pytest.mark.parametrize(
        ("degrees", "point"), [(7, 1.895), (8, 1.860), (10, 1.812), (30, 1.697), (120, 1.658)]
    )
    def test_agrees_with_the_tables(self, degrees: int, point: float) -> None:
        assert student_t(degrees) == pytest.approx(point, abs=0.001)


class TestIntervals:
    @given(st.lists(st.integers(0, 100), min_size=8, max_size=60))
    def test_of_a_mean_hold_it_and_stay_within_the_scale(self, scores: list[int]) -> None:
        n, total, squares = len(scores), sum(scores), sum(score * score for score in scores)
        low, high = mean_interval(n, total, squares, low=0, high=100)
        assert 0 <= low <= total / n + 1e-9
        assert total / n - 1e-9 <= high <= 100

    @given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
    def test_of_a_share_hold_it_and_are_never_a_point(self, pair: tuple[int, int]) -> None:
        count, n = pair
        low, high = share_interval(count, n)
        assert 0 <= low <= count / n + 1e-9
        assert count / n - 1e-9 <= high <= 1
        assert high > low

    def test_of_no_hit_in_eight_reach_a_quarter(self) -> None:
        assert share_interval(0, 8) == pytest.approx((0, 0.2527), abs=0.001)  # z^2 / (n + z^2)
