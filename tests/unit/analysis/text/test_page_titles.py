"""The title above the text, without the site's name."""

import pytest

from api.analysis.text.page_titles import page_title, same_name

SITES = ("Ashford Courier", "ashford-courier.example", "ashford-courier")


class TestPageTitle:
    def test_is_none_without_a_title(self) -> None:
        assert page_title([], [], SITES) == ""
        assert page_title(["", "  "], ["\u00ad"], ()) == ""

    @pytest.mark.parametrize(
        ("headings", "declared", "expected"),
        [
            ([], ["Ferry runs again | Ashford Courier"], "Ferry runs again"),
            ([], ["Ferry runs again - The Ashford Courier"], "Ferry runs again"),
            ([], ["Ashford Courier: Ferry runs again"], "Ferry runs again"),
            ([], ["A ferry to Holm runs again | Harbour | Ashford Courier"], "A ferry to Holm runs again"),
            ([], ["Ferry: a plan - and a price"], "Ferry: a plan - and a price"),
            ([], ["Ashford Courier"], "Ashford Courier"),
            (["Ferry runs again"], [], "Ferry runs again"),
            (["Ashford Courier", "Ferry runs again at last"], ["Ferry runs again"], "Ferry runs again at last"),
            (["Most read"], ["Ferry runs again"], "Ferry runs again"),
            (["Harbour news The ferry runs again"], ["The ferry runs again"], "The ferry runs again"),
            (["Ferry &amp; harbour"], ["Ferry &amp; harbour"], "Ferry & harbour"),
            (["Ferry\n  runs\u00a0again"], ["Ferry runs again"], "Ferry runs again"),
        ],
    )  # fmt: skip
    def test_chooses_what_the_reader_sees(
        self, headings: list[str], declared: list[str], expected: str
    ) -> None:
        assert page_title(headings, declared, SITES) == expected


class TestSameName:
    def test_distinguishes_names(self) -> None:
        assert not same_name("Courier", "Ashford Courier")
        assert not same_name("", "")
        assert not same_name("!", "?")

    def test_looks_past_case_articles_and_signs(self) -> None:
        assert same_name("The Ashford-Courier", "ashford courier")
