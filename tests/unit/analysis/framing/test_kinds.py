"""The certainty of a type: a line through the bands of the fit, without steps."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.analysis.framing.kinds import MAX_CERTAIN, _certainty
from api.analysis.models.weights import weights

HIGHEST = 0.97  # of a shipped certainty: two readers of one text agree no more often
SHARES = st.floats(0, 1)
RISING = st.lists(st.integers(0, 1_000), min_size=1, max_size=8, unique=True).map(sorted)


@st.composite
def bands(draw: st.DrawFn) -> list[tuple[float, float]]:
    """Pairs of which both rise, as in the fitted file."""
    shares = draw(RISING)
    certain = draw(st.lists(st.integers(0, 970), min_size=len(shares), max_size=len(shares), unique=True))
    return [(a / 1_000, b / 1_000) for a, b in zip(shares, sorted(certain), strict=True)]


class TestCertainty:
    @given(SHARES)
    def test_is_the_probability_without_bands(self, share: float) -> None:
        assert _certainty(share, []) == min(share, MAX_CERTAIN)

    @given(bands(), SHARES, SHARES)
    def test_never_falls_as_the_probability_rises(
        self, steps: list[tuple[float, float]], one: float, other: float
    ) -> None:
        low, high = sorted((one, other))
        assert _certainty(low, steps) <= _certainty(high, steps) + 1e-12

    @given(bands(), SHARES)
    def test_stays_within_the_bands_and_is_level_outside(
        self, steps: list[tuple[float, float]], share: float
    ) -> None:
        (first, lowest), (last, highest) = steps[0], steps[-1]
        found = _certainty(share, steps)
        assert lowest <= found <= highest + 1e-12
        if share <= first:
            assert found == lowest
        if share >= last:
            assert found == highest

    @given(bands())
    def test_goes_through_each_band(self, steps: list[tuple[float, float]]) -> None:
        assert [_certainty(share, steps) for share, _ in steps] == [certain for _, certain in steps]

    @given(bands(), SHARES)
    def test_has_no_steps(self, steps: list[tuple[float, float]], share: float) -> None:
        near = 1e-7
        steepest = max(((d - b) / (c - a) for (a, b), (c, d) in pairwise(steps)), default=0.0)
        change = abs(_certainty(min(share + near, 1.0), steps) - _certainty(share, steps))
        assert change <= steepest * near + 1e-9

    def test_of_the_shipped_weights_rises_and_is_never_above_the_readers(self) -> None:
        steps = weights().confidence
        assert len(steps) > 1
        assert all(a < c and b < d for (a, b), (c, d) in pairwise(steps))
        assert 0 < steps[0][1] < steps[-1][1] <= HIGHEST
        assert _certainty(1.0, steps) <= HIGHEST
        assert 0 < weights().plain_confidence <= HIGHEST

    @pytest.mark.parametrize("share", [0.3, 0.55, 0.9, 0.999])
    def test_of_the_shipped_weights_is_between_half_of_the_cases_and_certainty(self, share: float) -> None:
        assert 1 / 7 < _certainty(share, weights().confidence) < 1
