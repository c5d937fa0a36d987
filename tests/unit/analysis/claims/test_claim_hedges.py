"""Words that limit a claim, and similar words."""

import pytest

from api.analysis.claims.claim_hedges import claim_hedges, softens
from tests.kit.texts.articles import document


def hedges_of(text: str) -> list[str]:
    return claim_hedges(text, document(text).sentences[0])


class TestClaimHedges:
    @pytest.mark.parametrize(
        ("text", "limits"),
        [
            ("We expect revenue to be in the range of 40 to 44 million crowns.", ["expect"]),
            ("The pump reduced the bill by up to 25% in the first winter.", ["up to"]),
            ("Nearly 80 percent of the growers in Tarn use Furrow.", ["Nearly"]),
            ("The works cost money that we believe will come back.", ["believe"]),
            ("Corvell hopes to open the plant in May and plans to hire 40 people.", ["hopes", "plans to"]),
            ("The results indicate that about 40 wells are affected.", ["indicate", "about"]),
            ("The new line should cut the journey by at least nine minutes.", ["should", "at least"]),
            ("The council says that the bridge would cost around £3 million.", ["would", "around"]),
            ("The pump could possibly save Corvell 12 million crowns a year.", ["could", "possibly"]),
            ("Maybe the plant will close.", ["Maybe"]),
        ],
    )
    def test_are_what_a_careful_reader_keeps(self, text: str, limits: list[str]) -> None:
        assert hedges_of(text) == limits

    @pytest.mark.parametrize(
        "text",
        [
            "The new pump uses 38 percent less power than the old one.",
            "You should read the manual before you start the pump.",
            "Firms should publish their wages.",
            "She wrote a book about 12 families in Tarn.",
            "The report is about the pump and was read around the world.",
            "The bill was higher than expected.",
            "The service is built around five promises.",
            "They believe in pumps.",
            "I would like to thank the 40 growers of Tarn.",
            "Most of all, the pump works in May and in June.",
        ],
    )
    def test_are_not_what_only_looks_like_one(self, text: str) -> None:
        assert hedges_of(text) == []

    def test_stand_in_the_text(self) -> None:
        text = "We estimate, and many agree, that AT LEAST 40 wells may be dry."
        assert all(hedge in text for hedge in hedges_of(text))
        assert len(hedges_of(text)) == 3


class TestSoftens:
    def test_is_false_of_a_bound_on_a_figure(self) -> None:
        assert not softens([])
        assert not softens(["up to", "Nearly"])
        assert softens(["up to", "expect"])
