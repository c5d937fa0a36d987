"""The article before a word, by its sound."""

import pytest

from api.analysis.text.indefinite_article import indefinite_article


class TestIndefiniteArticle:
    @pytest.mark.parametrize(
        "word",
        [
            *("plan", "unit", "user", "unanimous", "European", "one-year", "house", "UN", "U.S.", "UNESCO"),
            *("110", "1,100", "40", "—", ""),
        ],
    )
    def test_is_a_before_a_consonant_by_sound(self, word: str) -> None:
        assert indefinite_article(word) == "a"

    @pytest.mark.parametrize(
        "word",
        [
            "apple",
            "hour",
            "honest",
            "usher",
            "unimportant",
            "onerous",
            "MRI",
            "FDA",
            "X-ray",
            "8",
            "11",
            "18.5",
        ],
    )
    def test_is_an_before_a_vowel_by_sound(self, word: str) -> None:
        assert indefinite_article(word) == "an"
