"""The loader of labelled stories: what is real, which tactic, whose fold, by fields of the record alone."""

from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.training.labelled import (
    ALONE,
    article_of,
    is_published,
    publisher_folds,
    publisher_of,
    tactic_of,
    training_records,
    weight_of,
)
from tests.kit.shared import shared_folder

OWN = Path(__file__).resolve().parents[3] / "api" / "training" / "data"
# scorable published stories of each collection, without those kept for reading
COUNTS = {"train.jsonl": 741, "train2.jsonl": 1_512 - 60, "train2_rare.jsonl": 107}
# what is quoted stands in the text, but for thirteen claims that a reader put together
QUOTED = {"tactics": 1_560, "terms": 13_982, "terms found": 13_982, "claims": 9_128, "claims found": 9_115}


def record(**changes: Any) -> dict[str, Any]:
    return {"id": "p1", "origin": "published", "source": "Wire", "text": "T", "tactic": None} | changes


class TestARecord:
    @pytest.mark.parametrize("origin", [None, "", "own", "Published", 1])
    def test_is_refused_without_a_known_origin(self, origin: object, tmp_path: Path) -> None:
        file = tmp_path / "stories.jsonl"
        file.write_bytes(msgspec.json.encode(record(origin=origin)))
        with pytest.raises(ValueError, match="origin"):
            training_records([file])

    @pytest.mark.parametrize("letter", "pqrstuvwxyzk")
    def test_is_real_by_its_origin_whatever_its_id(self, letter: str) -> None:
        assert is_published(record(id=f"{letter}1"))
        assert weight_of(record(id=f"{letter}1")) == 1
        assert not is_published(record(id=f"{letter}1", origin="written"))
        assert weight_of(record(id=f"{letter}1", origin="written")) == 0.8
        assert weight_of(record(id=f"{letter}1", origin="written", ref="synthetic")) == 0.5

    def test_is_left_out_if_it_is_kept_for_reading_or_cannot_be_scored(self, tmp_path: Path) -> None:
        file = tmp_path / "stories.jsonl"
        lines = [record(), record(reading=True), record(confidence=0), record(reading=False)]
        file.write_bytes(b"\n".join(map(msgspec.json.encode, lines)) + b"\n\n")
        assert len(training_records([file])) == 2

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            (None, None),
            ("none", None),
            ("innovation framing", "innovation_framing"),
            ("Innovation Framing", "innovation_framing"),
            ("innovation_framing", "innovation_framing"),
        ],
    )
    def test_has_a_tactic_by_code_or_name(self, given: str | None, code: str | None) -> None:
        assert tactic_of(record(tactic=given)) == code
        with pytest.raises(ValueError, match="no tactic"):
            tactic_of(record(tactic="odd framing"))

    @pytest.mark.parametrize(
        ("changes", "publisher"),
        [
            ({"source": "The Harbour Times"}, "the harbour times"),
            ({"source": "Harbourwire", "subject": "Quillon Holdings, Inc."}, "quillon"),
            (
                {"source": "Harbourwire", "text": "News.\n\nAbout Quillon Robotics\n\nIt makes arms."},
                "quillon robotics",
            ),
            ({"source": "Harbourwire", "text": "About 40 roles go."}, "harbourwire"),
            ({"source": "Quillon", "origin": "written"}, "quillon p1"),
        ],
    )
    def test_has_the_publisher_whose_words_it_is(self, changes: dict[str, Any], publisher: str) -> None:
        assert publisher_of(record(**changes)) == publisher


STORIES = st.lists(
    st.tuples(st.sampled_from(["a", "b", "c", "d", ALONE]), st.sampled_from(["hype", "none"]), st.booleans())
)


class TestFolds:
    @given(STORIES)
    def test_keep_a_publisher_together_and_one_alone(self, stories: list[tuple[str, str, bool]]) -> None:
        folds = publisher_folds(stories, 3)
        assert folds == publisher_folds(reversed(stories), 3)
        assert set(folds) == {publisher for publisher, _, _ in stories}
        assert all((fold == 3) == (publisher == ALONE) for publisher, fold in folds.items())


@pytest.fixture(scope="module")
def collections() -> dict[str, list[dict[str, Any]]]:
    folder = shared_folder()
    if folder is None:
        pytest.skip("the labelled stories are not beside the checkout (UNSPUN_SHARED)")
    return {name: training_records([folder / "data" / "gold" / name]) for name in COUNTS}


@pytest.fixture(scope="module")
def texts(collections: dict[str, list[dict[str, Any]]]) -> list[tuple[dict[str, Any], str]]:
    """Each record with its text."""
    return [(record, article_of(record).text) for found in collections.values() for record in found]


@pytest.mark.slow
class TestTheCollections:
    def test_are_read_whole(
        self, collections: dict[str, list[dict[str, Any]]], texts: list[tuple[dict[str, Any], str]]
    ) -> None:
        assert {name: sum(map(is_published, found)) for name, found in collections.items()} == COUNTS
        assert all(text.startswith(record["title"] or "") for record, text in texts)

    def test_have_tactics_terms_and_claims_of_the_codebook_in_the_text(
        self, texts: list[tuple[dict[str, Any], str]]
    ) -> None:
        counts: Counter[str] = Counter()
        for record, text in texts:
            counts["tactics"] += tactic_of(record) is not None
            for kind, quotes in (
                ("terms", record["loaded_terms"]),
                ("claims", [claim["text"] for claim in record["claims"]]),
            ):
                counts[kind] += len(quotes)
                counts[f"{kind} found"] += sum(quote in text for quote in quotes)
        assert counts == QUOTED

    def test_have_folds_of_like_size_and_types(self, collections: dict[str, list[dict[str, Any]]]) -> None:
        real = [r for found in collections.values() for r in found if is_published(r)]
        folds = publisher_folds((publisher_of(r), r["primary"], True) for r in real)
        sizes = Counter(folds[publisher_of(r)] for r in real)
        assert sizes[3] == sum(r["source"] == ALONE for r in real)
        assert max(sizes[n] for n in range(3)) <= 1.05 * min(sizes[n] for n in range(3))
