"""Names inside sentences, and their other forms."""

import pytest

from api.analysis.text.names import name_key, short_forms, within_sentence


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


class TestForms:
    @pytest.mark.parametrize(
        ("name", "forms"),
        [
            ("Orrin Vale", ["Vale"]),
            ("Orrin J. Vale", ["Orrin Vale", "Vale"]),
            ("Orrin J. Vale Jr.", ["Orrin Vale", "Vale"]),
            ("Orrin Jens Vale", ["Vale"]),
            ("Vale", []),
        ],
    )
    def test_of_a_person_leave_initials_and_juniors_away(self, name: str, forms: list[str]) -> None:
        assert short_forms(name, person=True) == forms

    def test_with_and_without_junior_are_one_name(self) -> None:
        assert name_key("Orrin Vale, Jr.") == name_key("Orrin Vale") != name_key("Orrin Valejr")
