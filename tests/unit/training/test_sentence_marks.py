import msgspec
import numpy as np
import pytest

from api.training.sentence_marks import LETTERS, Reading, read_marks, shares_marked
from tests.kit.texts.articles import document

TEXT = "The pump is the best on earth. It runs in nine towns. A rival calls it a “miracle”, which tests deny."


def reading(*marks: tuple[int, int, str]) -> Reading:
    return Reading("a", len(TEXT), 3, list(marks))


class TestReadMarks:
    @pytest.mark.parametrize("mark", [[0, 9, "H"], [0, 9, "H4"], [0, 9, ""], [3, 2, "H1"], [0, 99, "H1"]])
    def test_refuse_what_is_no_mark(self, mark: list[object]) -> None:
        with pytest.raises(ValueError, match="a: "):
            read_marks(msgspec.json.encode({"id": "a", "characters": 40, "sentences": 2, "marks": [mark]}))

    def test_refuse_what_is_no_reading(self) -> None:
        with pytest.raises(msgspec.ValidationError):
            read_marks(b'{"id": "a"}')


class TestSharesMarked:
    def test_know_nothing_where_nobody_read(self) -> None:
        sentences = document(TEXT).sentences
        shares = shares_marked(sentences, ())
        assert shares.shape == (len(sentences), len(LETTERS))
        assert np.isnan(shares).all()

    def test_are_the_readers_that_mark_a_sentence_by_a_letter(self) -> None:
        sentences = document(TEXT).sentences
        first, second, third = ((s.start, s.end) for s in sentences)
        shares = shares_marked(
            sentences, [reading((*first, "H2"), (*second, "B")), reading((*first, "H3A1q"), (*third, "X1"))]
        )
        found = {
            (row, letter): float(shares[row, column])
            for row in range(3)
            for column, letter in enumerate(LETTERS)
            if shares[row, column]
        }
        assert found == {(0, "H"): 1.0, (0, "A"): 0.5, (1, "B"): 0.5, (2, "X"): 0.5}

    def test_leave_out_what_the_story_tests_and_places_that_are_no_sentence(self) -> None:
        sentences = document(TEXT).sentences
        third = sentences[2].start, sentences[2].end
        assert not shares_marked(sentences, [reading((*third, "H2t"), (0, 4, "F3"))]).any()
