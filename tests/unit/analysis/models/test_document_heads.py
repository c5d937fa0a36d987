"""Values of whole texts by the kernel heads: shapes, equal bits, and that training computes the same."""

from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from api.analysis.models import document_heads
from api.analysis.models.document_heads import (
    BLOCKS,
    CENTRED,
    EVIDENCE,
    FIRST_TACTIC,
    KIND_OUTPUTS,
    KINDS,
    SCORE,
    STANCES,
    TYPES,
    VIEWS,
    DocumentValues,
    document_values,
    gaussians,
    known_terms,
    scaled_views,
    views,
)
from api.analysis.models.encoded_document import EncodedDocument
from api.analysis.models.encoder import states_of
from api.analysis.models.wording_measures import known_places
from api.training.heads_training import HeadStory, _apply, _logits
from api.training.wording_training import count_words
from schemas.enums import SpinType, Stance
from tests.kit.texts.articles import document
from tests.kit.texts.framed_texts import CUSHION, HYPE, PLAIN_REPORT, STAMPEDE
from tests.kit.texts.taxonomy import TAXONOMY

STORIES = pytest.mark.parametrize("story", [HYPE, STAMPEDE, CUSHION, PLAIN_REPORT], ids=lambda s: s[0][:20])
TACTICS = [tactic.code for kind in TAXONOMY.types for tactic in kind.tactics]


def flat(values: DocumentValues) -> np.ndarray:
    return np.array(
        [
            values.score,
            values.evidence,
            *values.types.values(),
            *values.stances.values(),
            *values.kinds.values(),
            *values.tactics.values(),
            *values.lacks.values(),
        ]
    )


def head_story(read: EncodedDocument) -> HeadStory:
    """The text as training sees it; labels do not matter."""
    states, _ = states_of(read)
    return HeadStory(
        id="one",
        publisher="one",
        is_real=True,
        vectors=states.vectors,
        positions=states.positions,
        encoded=read.encoded,
        words=count_words(read.text, read.folded),
        length=len(read.text.split()),
        marks=read.encoded.marks,
        score=0.0,
        primary=SpinType.NONE,
        secondary=None,
        stance=Stance.NEUTRAL,
        evidence=0.0,
        kind=None,
        tactic=None,
        lacks=None,
    )


class TestDocumentValues:
    @pytest.mark.parametrize("text", ["", "  \n ", "\u0301 \u0302", "?", "🙂", "1,234"])
    def test_are_finite_for_any_text(self, text: str) -> None:
        assert np.isfinite(flat(document(text).values)).all()

    def test_of_a_text_without_words_are_those_of_no_view(self) -> None:
        one, other = document(""), document("\u0301 \u0302")
        assert not views(one.encoded, 0).any()
        assert flat(one.values).tolist() == flat(other.values).tolist()

    @STORIES
    def test_have_every_type_stance_kind_and_tactic(self, story: tuple[str, str]) -> None:
        values = document(story[1], story[0]).values
        assert tuple(values.types) == TYPES
        assert tuple(values.stances) == STANCES
        assert tuple(values.kinds) == KINDS
        assert list(values.tactics) == TACTICS

    def test_are_equal_bits_for_equal_texts(self) -> None:
        first, second = (flat(document(HYPE[1], HYPE[0]).values) for _ in range(2))
        assert first.tobytes() == second.tobytes()

    def test_do_not_depend_on_the_order_of_the_words(self) -> None:
        read = document(HYPE[1], HYPE[0])
        places, length = known_places(read), len(read.text.split())
        turned = dict(reversed(places.items()))
        first, second = (flat(document_values(read.encoded, found, length)) for found in (places, turned))
        assert first.tobytes() == second.tobytes()

    def test_do_not_depend_on_unknown_words(self) -> None:
        read = document(HYPE[1], HYPE[0])
        places, length = known_places(read), len(read.text.split())
        more = places | {"zzyzx qwvx": [(0, 4)]}
        first, second = (flat(document_values(read.encoded, found, length)) for found in (places, more))
        assert first.tobytes() == second.tobytes()

    @STORIES
    def test_equal_what_training_computes(self, story: tuple[str, str]) -> None:
        read = document(story[1], story[0])
        with np.load(str(files("api.analysis.models") / "document_heads.npz")) as stored:
            arrays = {name: stored[name] for name in stored.files}
        fitted = {name: values for name, values in arrays.items() if name not in ("types", "stances")}
        outputs = _apply(fitted, [head_story(read)], [read.encoded.marks])
        logits = _logits(outputs, arrays["types"].astype(float), arrays["stances"].astype(float))[0]
        values, (row,) = read.values, outputs
        assert values.score == pytest.approx(row[SCORE], abs=0.01)
        assert values.evidence == pytest.approx(row[EVIDENCE], abs=0.001)
        assert list(values.kinds.values()) == pytest.approx(row[KIND_OUTPUTS].tolist(), abs=0.001)
        others = [*values.tactics.values(), *values.lacks.values()]
        assert others == pytest.approx(row[FIRST_TACTIC:].tolist(), abs=0.001)
        assert [*values.types.values(), *values.stances.values()] == pytest.approx(logits.tolist(), abs=0.01)

    def test_rank_texts_that_steer_above_a_report(self) -> None:
        scores = [document(body, title).values.score for title, body in (HYPE, STAMPEDE, PLAIN_REPORT)]
        assert min(scores[:2]) > scores[2] + 10

    def test_are_those_of_the_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        read = document(HYPE[1], HYPE[0])
        places, length = known_places(read), len(read.text.split())
        own = document_values(read.encoded, places, length)
        with np.load(str(files("api.analysis.models") / "document_heads.npz")) as stored:
            arrays = {name: stored[name] for name in stored.files}
        arrays["base"] = arrays["base"] + np.eye(len(arrays["base"]), dtype=np.float32)[EVIDENCE]
        np.savez_compressed(tmp_path / "document_heads.npz", allow_pickle=False, **arrays)
        monkeypatch.setattr(document_heads, "files", lambda _: tmp_path)
        document_heads._heads.cache_clear()
        try:
            changed = document_values(read.encoded, places, length)
        finally:
            document_heads._heads.cache_clear()
        assert changed.evidence == pytest.approx(own.evidence + 1, abs=1e-4)
        assert (changed.score, changed.kinds) == (own.score, own.kinds)


class TestViews:
    def test_have_one_length_whatever_the_text(self) -> None:
        for title, body in (HYPE, PLAIN_REPORT, ("", "One word."), ("", "")):
            read = document(body, title)
            assert views(read.encoded, len(read.text.split())).shape == (VIEWS,)

    def test_are_bounded_once_they_are_scaled(self) -> None:
        far = np.full((2, VIEWS), 1e6, np.float32)
        ones = np.ones((2, VIEWS), np.float32)
        assert scaled_views(far, np.zeros(VIEWS, np.float32), ones).max() == document_heads.MAX_SPREADS
        assert scaled_views(-far, np.zeros(VIEWS, np.float32), ones).min() == -document_heads.MAX_SPREADS

    def test_are_all_under_one_block_of_the_kernel(self) -> None:
        assert [b.start for b in BLOCKS] == [0, *(b.stop for b in BLOCKS[:-1])]
        assert BLOCKS[-1].stop == CENTRED

    def test_are_nearest_to_themselves(self) -> None:
        rows = np.random.default_rng(1).normal(size=(3, CENTRED)).astype(np.float32) / 50
        kernel = gaussians(rows, rows)
        assert kernel.shape == (3, 3 * len(BLOCKS))
        assert (kernel > 0).all()
        for block in range(len(BLOCKS)):
            part = kernel[:, 3 * block : 3 * block + 3]
            assert np.diag(part) == pytest.approx(1, abs=1e-5)
            assert (part.argmax(axis=1) == np.arange(3)).all()


def test_known_terms_are_words_and_pairs_in_small_letters() -> None:
    terms = known_terms()
    assert terms
    assert all(term == term.lower() and 1 <= len(term.split()) <= 2 for term in terms)
