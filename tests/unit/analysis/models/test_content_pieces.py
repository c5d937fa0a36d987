import pytest

from api.analysis.models.content_pieces import is_content
from api.analysis.models.word_pieces import pieces, vocabulary


def read_on(text: str) -> list[str]:
    """The word pieces that the upper layers read."""
    names = {number: piece for piece, number in vocabulary().items()}
    return [names[number] for word in text.split() for number in pieces(word) if is_content(number)]


class TestContentPieces:
    def test_leaves_out_function_words_marks_and_further_parts_of_words(self) -> None:
        assert read_on("The mayor of Northwick , who was there , said it is bioluminescent .") == [
            "mayor",
            "north",
            "bio",
        ]

    @pytest.mark.parametrize("word", ["we", "our", "us", "you", "your", "not", "no", "never", "!", "?", "41"])
    @pytest.mark.parametrize(
        "beside", ["will", "may", "might", "must", "could", "would", "more", "most", "only"]
    )
    def test_keeps_what_framing_turns_on(self, word: str, beside: str) -> None:
        assert read_on(f"{word} {beside}") == [word, beside]
