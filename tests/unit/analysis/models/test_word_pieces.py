from hypothesis import given
from hypothesis import strategies as st

from api.analysis.models.word_pieces import UNKNOWN, pieces, vocabulary

NAMES = {number: piece for piece, number in vocabulary().items()}


def named(token: str) -> list[str]:
    return [NAMES[number] for number in pieces(token)]


class TestPieces:
    def test_says_unknown_for_what_it_cannot_part(self) -> None:
        assert named("x" * 101) == [UNKNOWN]
        assert named("\u0e81") == [UNKNOWN]

    def test_says_nothing_for_what_is_not_written(self) -> None:
        assert [pieces(token) for token in ("", " ", "\n\n", "\u200b", "\x00")] == [()] * 5

    def test_bounds_a_token_of_marks(self) -> None:
        assert named("!" * 5_000) == ["!"] * 8

    def test_parts_a_word_from_the_left(self) -> None:
        assert named("ferryman") == ["ferry", "##man"]

    def test_takes_case_and_accents_away(self) -> None:
        assert named("Café") == named("cafe") == ["cafe"]

    def test_lets_punctuation_stand_alone(self) -> None:
        assert named("state-of-the-art") == ["state", "-", "of", "-", "the", "-", "art"]

    @given(st.text(max_size=300))
    def test_is_bounded_and_known_for_any_token(self, token: str) -> None:
        assert len(pieces(token)) <= 16
        assert all(number in NAMES for number in pieces(token))
