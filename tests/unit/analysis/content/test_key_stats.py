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
            "Corvell would gain if it sold 400 pumps in Tarn.",
            "When does Corvell sell 400 pumps in Tarn?",
            "The mill burnt down 12 years ago, and its 45-year-old owner left.",
            "Call the mill at 214 555-1234 or at +44 7537 182250 today.",
            "It showed a 400-piece wing.",
            "The mill lost ($1.2) million.",
            "All six unions of the valley came.",
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
            ("The mill will cut several hundred jobs in Tarn.", "several hundred"),
            ("The fund gave AED 300 million to the growers.", "AED 300 million"),
            ("Corvell got $1.5B for the mill.", "$1.5B"),
            ("The storm cost the line 61 sailings.", "61"),
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

    @pytest.mark.parametrize(
        ("body", "measures"),
        [
            (
                "Corvell bought Quillon, which raised $60 million in 2022.",
                "Corvell bought Quillon, which raised $60 million in 2022",
            ),
            (
                "After raising $60 million, Corvell had to shut its old mill in Tarn.",
                "After raising $60 million, Corvell had to shut its old mill in Tarn",
            ),
            (
                "So far this year, Corvell sold 400 pumps to the growers.",
                "So far this year, Corvell sold 400 pumps to the growers",
            ),
            (
                "Importantly, Corvell sold 400 pumps, and the mill by the bridge of Tarn was shut for good.",
                "Corvell sold 400 pumps",
            ),
            (
                "TARN, Ohio, May 3, 2027 -- Corvell sold 400 pumps to the growers.",
                "Corvell sold 400 pumps to the growers",
            ),
            (
                "Net sales: The sales of the mill rose to $60 million.",
                "The sales of the mill rose to $60 million",
            ),
        ],
    )
    def test_stand_in_a_whole_statement(self, body: str, measures: str) -> None:
        assert list(stats(body).values()) == [measures]

    def test_stand_with_their_speaker(self) -> None:
        found = stats(
            "“We sold 400 pumps,” said Ines Vale. Corvell sold 560 pumps in May, Bo Ek said on Monday."
        )
        assert all("Vale" in m for v, m in found.items() if v == "400")
        assert found["560"] == "Corvell sold 560 pumps in May, Bo Ek said on Monday"

    def test_begin_with_those_of_the_news(self) -> None:
        read = document("The old mill sold 400 pumps for $3 million. Corvell will cut 310 jobs in Tarn.")
        assert [s.value for s in key_stats(read)] == ["$3 million", "310"]
        assert [s.value for s in key_stats(read, list(read.body_sentences())[1:])] == ["310", "$3 million"]

    def test_name_the_result_and_not_what_it_began_with(self) -> None:
        found = stats("The sales of the mill rose from $6 million in May to $140 million in June.")
        assert list(found) == ["$140 million"]

    def test_end_where_the_small_print_begins(self) -> None:
        body = "Corvell sold 400 pumps in Tarn. It is an old firm. This post has sponsored content."
        body += " Shares trade in blocks of 9,000 shares."
        assert list(stats(body)) == ["400"]
