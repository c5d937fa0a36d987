"""Changes that a reader does not notice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.pages.typography import same_wording


class TestSameWording:
    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ("It cost 14 million.", "It cost  14\u00a0million.\n"),
            ("“We won’t,” she said.", '"We won\'t," she said.'),
            ("14–16 — and then…", "14-16 -- and then..."),
            ("co\u00adoperative", "cooperative"),
            ("\ufb01rst", "first"),
            ("cafe\u0301", "café"),
        ],
    )
    def test_holds_for_typography(self, first: str, second: str) -> None:
        assert same_wording(first, second)

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ("It cost 14 million.", "It cost 15 million."),
            ("It will not close.", "It will close."),
            ("Profits rose 1.2 %.", "Profits rose 12 %."),
            ("Profits rose -5.", "Profits rose 5."),
            ("the white house", "the White House"),
            ("Let's eat, Ada.", "Let's eat Ada."),
            ("He said it.", "“He said it.”"),
        ],
    )
    def test_does_not_hold_for_words(self, first: str, second: str) -> None:
        assert not same_wording(first, second)

    @given(st.text(), st.sampled_from([" ", "\u200b", "\n\n", "\u00a0"]))
    def test_holds_whatever_is_put_between_words(self, text: str, filler: str) -> None:
        words = text.split()
        assert same_wording(" ".join(words), f"{filler} ".join(words))
