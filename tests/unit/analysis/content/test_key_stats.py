"""Key stats: figures with their units and subjects."""

import pytest

from api.analysis.content.key_stats import key_stats
from tests.kit.texts.articles import document


def stats(body: str) -> dict[str, str]:
    return {s.value: s.measures for s in key_stats(document(body))}


class TestKeyStats:
    @pytest.mark.parametrize(
        "body",
        [
            "The clinic followed adults with type 2 diabetes.",
            "Our benefits are dental care and a 401(k) plan.",
            "The bank closed its branch between 3 and 6 May.",
            "Corvell bought Quillon, which raised $60 million in 2022.",
            "All three of the pumps came from two plants.",
            "The charity 180 Steps Forward has opened a house in Tarn.",
            "The pumps run with version 0.10 of the program.",
            "For an hour the site gave readers 404 responses instead of files.",
            "Readers saw 404s and the shop returned HTTP 503 for an hour.",
            "The duty follows from section 230 of the old statute.",
        ],
    )
    def test_are_no_names_dates_or_fragments(self, body: str) -> None:
        assert stats(body) == {}

    @pytest.mark.parametrize(
        ("body", "value"),
        [
            ("The median lag was 240 milliseconds in the test.", "240 milliseconds"),
            ("The new headphones weigh 254 g without the cable.", "254 g"),
            ("The old drivers measured 40 mm in the shop.", "40 mm"),
            ("The survey had 500 responses from growers.", "500"),
            ("In March 2 million people left the flooded valley.", "2 million"),
            ("The answer is no. 12 percent of the staff left the mill.", "12 percent"),
        ],
    )
    def test_keep_their_units(self, body: str, value: str) -> None:
        assert value in stats(body)

    def test_show_each_value_once(self) -> None:
        found = key_stats(document("Sales fell by 38 percent. The fall of 38 percent surprised the growers."))
        assert [stat.value for stat in found] == ["38 percent"]

    def test_open_with_what_is_measured(self) -> None:
        found = stats("The share was 12 percent last year, and 38 percent of the children had a cough.")
        assert not any(m.lower().startswith(("and ", "or ", "which ", "that ")) for m in found.values())
        assert "38 percent" in found

    def test_have_no_open_brackets(self) -> None:
        found = stats("Of the adults in the study, 379 (23% of all of them) left the group in May.")
        assert all(m.count("(") == m.count(")") for m in found.values())

    def test_of_the_box_about_the_firm_go_last(self) -> None:
        body = "".join(f"The shop sold {n}14 blue pumps in one week.\n\n" for n in range(1, 9))
        body += "About Corvell\n\nCorvell serves 9.5 million homes in Tarn."
        assert "9.5 million" not in stats(body)
