"""The firms that a text quotes, or whose report it relays, are named if it does not say what they sell."""

import pytest

from api.analysis.content.stakes import interested
from api.analysis.people.entities import entities
from api.analysis.people.voices import voices
from tests.kit.texts.articles import document

FILLER = " The valley is wide, and the river runs through it from the north to the south." * 4


def found(body: str) -> str | None:
    read = document(body + FILLER, "The trend")
    return interested(read, voices(read), entities(read))


class TestInterested:
    @pytest.mark.parametrize(
        ("introduction", "firm"),
        [
            ("Ada Roe, chief product officer at Corvell", "Corvell, which it quotes,"),
            ("Ada Roe, field CISO of Corvell", "Corvell, which it quotes,"),
            ("Ada Roe, a senior analyst at Corvell", None),
            ("Ada Roe, chief scientist at the University of Tarn", None),
            ("Ada Roe, a farmer", None),
        ],
    )
    def test_is_the_firm_of_a_speaker(self, introduction: str, firm: str | None) -> None:
        assert found(f"“Every mill must change its pumps now,” said {introduction}.") == firm

    def test_is_the_firm_whose_report_is_relayed(self) -> None:
        body = (
            "A new report by Quillon found that mills lose money. “It is so,” said Ada Roe, head of Corvell."
        )
        assert found(body) == "Quillon, whose report it relays,"

    def test_is_none_if_the_text_says_what_it_sells(self) -> None:
        said = "“Every mill must change its pumps now,” said Ada Roe, chief product officer at Corvell."
        assert found(f"{said} Corvell sells pumps.") is None
