"""Negations that the next sentence turns round."""

from api.analysis.text.corrected_negations import is_turned_round
from tests.kit.tables import each
from tests.unit.analysis.content.test_news import document

TITLE = "Orrinware on ledgers"


class TestIsTurnedRound:
    @each(
        "text",
        [
            "The new ledger is not coming. It has come.",
            "The end of the paper ledger is not coming. It is here.",
            "The age of steam isn’t ending. It has already ended!",
        ],
    )
    def test_finds_a_denial_of_what_the_next_sentence_says(self, text: str) -> None:
        read = document(text, TITLE)
        assert [is_turned_round(read, sentence) for sentence in read.sentences] == [False, True, False]

    @each(
        "text",
        [
            "The new ledger is not yet available. It is expected in May.",
            "The plant is not closing. It has 40 years of work before it.",
            "The works has not grown. It has not grown since May.",
            "The ledger is not coming. The firm said so on Monday.",
            "The board is not a club. It is a duty.",
            "The ledger is coming. It has come.",
        ],
    )
    def test_leaves_a_denial_that_stands(self, text: str) -> None:
        read = document(text, TITLE)
        assert not any(is_turned_round(read, sentence) for sentence in read.sentences)
