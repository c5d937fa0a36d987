"""Figures without a source are shares, multiples and large counts that nobody is said to have counted."""

import pytest

from api.analysis.content.unsourced import listed, unsourced_figures
from tests.kit.texts.articles import document


class TestUnsourcedFigures:
    @pytest.mark.parametrize(
        ("body", "figures"),
        [
            ("Pumps fail in 40% of all mills.", "the figure 40%"),
            ("It is true of 7,200 mills. Pumps fail in 40% of them.", "the figures 40% and 7,200"),
            ("It is true of 7,200 mills.", ""),
            ("A survey asked the mills. Pumps fail in 40% of all mills.", ""),
            ("Pumps fail in 40% of all mills. The census has the rest.", ""),
            ("The bank owns 40% of all mills.", ""),
            ("It will fail in 99% of all mills.", ""),
        ],
    )
    def test_are_those_that_nobody_counted(self, body: str, figures: str) -> None:
        read = document(f"Everyone looks ahead. {body}", "The trend")
        assert listed([figure for figure, _ in unsourced_figures(read)]) == figures
