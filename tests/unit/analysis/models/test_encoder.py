from pathlib import Path

import numpy as np
import pytest

from api.analysis.models import encoder
from api.analysis.models.encoder import (
    COLUMNS,
    MARK_COLUMNS,
    MARKS,
    MAX_CHUNK,
    SCORE,
    UNSEEN,
    chunks_of,
    encode,
)
from api.analysis.models.encoder_measures import STEERING
from api.analysis.models.sentence_heads import COLUMN
from api.analysis.models.word_pieces import vocabulary
from api.analysis.text.signals import Measure
from api.training.sentence_marks import LETTERS
from schemas.enums import SpinType, Stance
from tests.kit.texts.articles import document as reading
from tests.kit.texts.taxonomy import TAXONOMY

BODY = (
    "The ferry company of Northwick will stop three of its nine crossings in March. It carried 41,000 people in "
    "2025, 6,000 fewer than the year before. “We are thrilled to begin this unstoppable new chapter,” said "
    "Orla Venn, who leads it. Residents of the island were not asked."
)

TACTICS = [tactic.code for kind in TAXONOMY.types for tactic in kind.tactics]


class TestEncode:
    def test_says_nothing_of_a_text_without_words(self) -> None:
        encoded = encode(reading(""))
        assert encoded.sentences.shape == (0, COLUMNS)
        assert encoded.shares.sum() == 0
        assert not encoded.document.any()

    def test_leaves_unread_what_lies_beyond_the_longest_chunk(self) -> None:
        encoded = encode(reading("gleaming " * 400 + "mills turn."))
        unread = encoded.tokens == UNSEEN
        assert unread.any()
        assert not unread[:100].any()
        assert np.isfinite(encoded.sentences).all()

    def test_reads_a_text_that_is_all_function_words(self) -> None:
        encoded = encode(reading("It was what it is. That is it."))
        assert np.isfinite(encoded.sentences).all()
        assert (encoded.tokens[:3] > UNSEEN).all()
        assert float(encoded.shares.sum()) == pytest.approx(1, abs=1e-5)

    def test_gives_every_sentence_a_share_of_the_whole(self) -> None:
        document = reading(BODY, "Fewer crossings for Northwick")
        encoded = encode(document)
        assert len(encoded.shares) == len(document.sentences)
        assert encoded.shares.min() > 0
        assert float(encoded.shares.sum()) == pytest.approx(1, abs=1e-5)

    def test_gives_equal_bits_for_equal_texts(self) -> None:
        first, second = (encode(reading(BODY, "Fewer crossings")) for _ in range(2))
        assert first.sentences.tobytes() == second.sentences.tobytes()
        assert first.tokens.tobytes() == second.tokens.tobytes()

    def test_gives_equal_bits_whether_products_are_known_to_be_exact_or_not(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        known = encode(reading(BODY, "Fewer crossings"))
        processor = tmp_path / "cpuinfo"
        processor.write_text("flags\t\t: fpu avx2\n")
        monkeypatch.setattr(encoder, "_PROCESSOR", processor)
        monkeypatch.setattr(encoder, "_session", encoder._session.__wrapped__)
        unknown = encode(reading(BODY, "Fewer crossings"))
        assert known.sentences.tobytes() == unknown.sentences.tobytes()
        assert known.tokens.tobytes() == unknown.tokens.tobytes()

    @pytest.mark.parametrize(
        ("facts", "is_exact"),
        [
            ("flags\t: fpu avx2 avx_vnni\n", True),
            ("flags\t: fpu avx2\n", False),
            ("Features\t: asimd\n", False),
        ],
    )
    def test_knows_which_processors_have_exact_products(
        self, facts: str, is_exact: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        processor = tmp_path / "cpuinfo"
        monkeypatch.setattr(encoder, "_PROCESSOR", processor)
        assert not encoder._has_exact_products()
        processor.write_text(f"processor\t: 0\n{facts}")
        assert encoder._has_exact_products() == is_exact

    def test_sees_by_which_type_a_sentence_steers(self) -> None:
        boast = "Our revolutionary, unrivalled pump will transform every life on earth for ever."
        read = reading(f"{boast} {BODY}", "Fewer crossings for Northwick")
        (place,) = [s.index for s in read.sentences if s.text == boast]
        assert read.encoded.mark_odds(place, SpinType.HYPE) > 0
        assert read.encoded.mark_odds(place, SpinType.SHIELD) < -2

    @pytest.mark.parametrize("behind", ["", "\n\nThe mill turns all day."])
    def test_sees_no_steering_in_what_it_cannot_read(self, behind: str) -> None:
        read = reading(f"\u0301 \u0302{behind}")
        assert (read.encoded.sentences[0, MARKS] == UNSEEN).all()
        assert not any(read.may_steer_by(kind, 0) for kind in MARK_COLUMNS)

    def test_has_a_column_for_every_letter_that_readers_set(self) -> None:
        assert MARKS.stop - MARKS.start == len(LETTERS)
        assert MARKS.stop == COLUMNS
        named = {"hype": "H", "halo": "A", "stampede": "S", "cushion": "C", "shield": "D", "fog": "F"}
        assert {kind: LETTERS[column - MARKS.start] for kind, column in MARK_COLUMNS.items()} == named

    def test_sees_that_a_boast_is_no_report(self) -> None:
        boast = "Our revolutionary, unrivalled platform will transform every life on earth for ever."
        report = "The council met on Tuesday and put off its vote on the bridge until the survey is done."
        scores = [float(encode(reading(text)).document[SCORE]) for text in (boast, report)]
        assert scores[0] - scores[1] > 1  # a unit is twenty points


class TestChunksOf:
    def test_keeps_sentences_whole_and_in_order(self) -> None:
        document = reading(" ".join([BODY] * 9), "Fewer crossings")
        chunks = chunks_of(document)
        assert len(chunks) > 1
        assert max(len(chunk.pieces) for chunk in chunks) <= MAX_CHUNK
        seen = [sorted(set(chunk.sentences)) for chunk in chunks]
        assert [n for numbers in seen for n in numbers] == list(range(len(document.sentences)))

    def test_reads_on_where_pieces_tell_and_at_both_ends(self) -> None:
        (chunk,) = chunks_of(reading("The mill turns, and it turns all day."))
        names = {number: piece for piece, number in vocabulary().items()}
        read = [names[chunk.pieces[place - 1]] for place in chunk.kept[1:-1]]
        assert read == ["mill", "turns", "turns", "all", "day"]
        assert chunk.kept[[0, -1]].tolist() == [0, len(chunk.pieces) + 1]


BOAST = "Our revolutionary, unrivalled pump will transform every life on earth for ever."
REPORT = "The council met on Tuesday and put off its vote on the bridge until the survey is done."


def steering_of(body: str) -> Measure:
    (found,) = [m for m in reading(body).model_measures() if m.code == STEERING]
    return found


class TestEncoderMeasures:
    def test_find_no_steering_in_a_text_without_words(self) -> None:
        found = steering_of("")
        assert (found.value, found.places, found.count, found.of) == (0, [], 0, 0)

    def test_count_the_sentences_that_steer_among_those_that_are_read(self) -> None:
        body = f"{REPORT} {BOAST} {REPORT}\n\n\u0301 \u0302"
        found = steering_of(body)
        assert [body[start:end].strip() for start, end in found.places] == [BOAST]
        assert (found.count, found.of, found.value) == (1, 3, 1 / 3)

    def test_list_the_strongest_sentence_first(self) -> None:
        document = reading(f"{BODY} {BOAST} {REPORT} Nothing on earth compares.", "Fewer crossings")
        (found,) = [m for m in document.model_measures() if m.code == STEERING]
        strength = document.encoded.marks[:, COLUMN["steering"]]
        strengths = [strength[document.sentence_at(start).index] for start, _ in found.places]
        assert len(strengths) > 1
        assert strengths == sorted(strengths, reverse=True)
        assert strengths[-1] > max(
            strength[s.index] for s in document.sentences if (s.start, s.end) not in found.places
        )

    def test_have_a_view_of_each_type_stance_and_tactic_without_a_place(self) -> None:
        views = [m for m in reading(BODY, "Fewer crossings").model_measures() if m.code != STEERING]
        codes = [*SpinType, *(f"{stance}_stance" for stance in Stance), *TACTICS]
        assert {m.code for m in views} == {f"sees_{code}" for code in codes}
        assert not [m for m in views if m.places or m.of is not None]
