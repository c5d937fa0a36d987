"""Numbers in figures, by value, in the manner of their language."""

from api.proposals.languages.figures import Figures, figures
from tests.kit.tables import each


class TestAFigure:
    @each(
        ("written", "language", "of_text", "text_language"),
        [
            ("1.234", "de", "1.234,5", "de"),
            ("12.345", "de", "1.234,5", "de"),
            ("1,234", "de", "1.234", "de"),  # a thousandth of it
            ("1.235", "en", "1.234", "de"),
            ("1,5", "fr", "1 500", "fr"),
            ("234", "fr", "1 234", "fr"),  # a part of a number is another number
            ("3.10.2024", "de", "3.10.2025", "de"),
            ("14:45", "de", "14:30", "de"),
            ("15", "de", "1,5", "de"),
            ("7", "de", "", "de"),
        ],
    )
    def test_is_not_another_number(
        self, written: str, language: str, of_text: str, text_language: str
    ) -> None:
        assert not Figures([of_text], text_language).has(written, language)

    @each(
        ("written", "language", "of_text", "text_language"),
        [
            ("1234,5", "de", "1.234,5", "de"),
            ("1.234,50", "de", "1234,5", "de"),
            ("1234.5", "de", "1.234,5", "de"),
            ("1,234.5", "en", "1.234,5", "de"),
            ("1 234,5", "fr", "1\u202f234,5", "fr"),
            ("1234,5", "fr", "1\u00a0234,5", "fr"),
            ("1820", "nl", "1.820", "nl"),
            ("1'234.50", "de", "1234,5", "de"),
            ("1.234.567", "de", "1 234 567", "de"),
            ("0,5", "pl", "0,50", "pl"),
            ("007", "de", "7", "de"),
            ("2025", "de", "3.10.2025", "de"),
            ("500", "fr", "en 2024 500 postes", "fr"),
            ("2024 500", "fr", "en 2024 et 500 postes", "fr"),
            ("1.234", "en", "1.234", "de"),  # copied as the text writes it
        ],
    )
    def test_is_the_same_number(self, written: str, language: str, of_text: str, text_language: str) -> None:
        known = Figures([of_text], text_language)
        assert all(known.has(figure, language) for figure in figures(written))

    def test_is_found_beside_words_and_signs(self) -> None:
        assert figures("Für 1.234,5 Mio. €, 40%, G20 (3:1).") == ["1.234,5", "40", "20", "3:1"]
