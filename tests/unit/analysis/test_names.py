"""Names as they stand inside a sentence."""

import pytest

from api.analysis.names import within_sentence


class TestWithinASentence:
    @pytest.mark.parametrize(
        ("name", "there"),
        [
            ("The Harbour Courier", "the Harbour Courier"),
            ("Harbour Commission", "the Harbour Commission"),
            ("Institute of Quays", "the Institute of Quays"),
            ("University of Ashford", "the University of Ashford"),
            ("Ashford University", "Ashford University"),
            ("Its safety committee", "its safety committee"),
            ("its safety committee", "its safety committee"),
            ("Corvell’s Safety Committee", "Corvell’s Safety Committee"),
            ("Ida Rem of the Harbour Commission", "Ida Rem of the Harbour Commission"),
            ("One Quay", "One Quay"),
            ("A Quay Apart", "A Quay Apart"),
            ("A spokesman for Corvell", "a spokesman for Corvell"),
            ("Ida Rem", "Ida Rem"),
        ],
    )
    def test_bear_an_article_where_english_has_one(self, name: str, there: str) -> None:
        assert within_sentence(name) == there
