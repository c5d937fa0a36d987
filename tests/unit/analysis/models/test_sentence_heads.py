"""Marks of sentences by linear heads: shapes, equal bits, and the sentences that cannot be read."""

import numpy as np
import pytest

from api.analysis.models.encoder import COLUMNS, PLACE_COLUMNS, WIDTH, encode, states_of
from api.analysis.models.sentence_heads import COLUMN, MARKS, MAX_COLUMN, sentence_marks
from tests.kit.texts.articles import document
from tests.kit.texts.framed_texts import HYPE, PLAIN_REPORT

INPUTS = 2 * WIDTH + COLUMNS + PLACE_COLUMNS


def zeros(rows: int, columns: int) -> np.ndarray:
    return np.zeros((rows, columns), np.float32)


class TestSentenceMarks:
    def test_are_none_for_no_sentences(self) -> None:
        assert sentence_marks(zeros(0, 2 * WIDTH), zeros(0, COLUMNS), zeros(0, PLACE_COLUMNS)).shape == (
            0,
            len(MARKS),
        )
        assert encode(document("")).marks.shape == (0, len(MARKS))

    def test_have_a_finite_row_for_each_sentence_and_a_column_for_each_mark(self) -> None:
        read = document(HYPE[1], HYPE[0])
        marks = read.encoded.marks
        assert marks.shape == (len(read.sentences), len(MARKS))
        assert marks.dtype == np.float32
        assert np.isfinite(marks).all()
        assert list(COLUMN) == list(MARKS)

    def test_are_those_of_the_encoders_states(self) -> None:
        read = document(HYPE[1], HYPE[0])
        states, _ = states_of(read)
        assert states.vectors.shape[1] + COLUMNS + states.positions.shape[1] == INPUTS
        marks = sentence_marks(states.vectors, read.encoded.sentences, states.positions)
        assert marks.tobytes() == read.encoded.marks.tobytes()

    def test_are_equal_bits_for_equal_texts(self) -> None:
        first, second = (encode(document(HYPE[1], HYPE[0])).marks for _ in range(2))
        assert first.tobytes() == second.tobytes()

    def test_are_bounded_in_the_encoders_columns(self) -> None:
        vectors, positions = zeros(1, 2 * WIDTH), zeros(1, PLACE_COLUMNS)
        columns = np.full((1, COLUMNS), 50.0, np.float32)
        bounded = sentence_marks(vectors, np.full((1, COLUMNS), MAX_COLUMN, np.float32), positions)
        assert sentence_marks(vectors, columns, positions).tobytes() == bounded.tobytes()

    @pytest.mark.parametrize("body", ["\u0301 \u0302", "\u0301 \u0302\n\nThe mill turns all day."])
    def test_of_a_sentence_without_pieces_are_finite_and_do_not_count_as_steering(self, body: str) -> None:
        read = document(body)
        assert not read.encoded.read[0]
        assert np.isfinite(read.encoded.marks).all()
        (steering,) = [m for m in read.model_measures() if m.of is not None]
        assert steering.of == len(read.sentences) - 1

    def test_rank_a_boast_above_a_report(self) -> None:
        hype, report = (document(body, title).encoded.marks for title, body in (HYPE, PLAIN_REPORT))
        for mark in ("steering", "hype"):
            assert hype[:, COLUMN[mark]].mean() > report[:, COLUMN[mark]].mean()
