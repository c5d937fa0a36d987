"""The heads above the encoder, fitted to synthetic encodings: unseen publishers, equal bytes."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from api.analysis.models.document_heads import FIRST_TACTIC, KINDS, SCORE, STANCES, TYPES, VIEWS
from api.analysis.models.encoder import COLUMNS, PLACE_COLUMNS, UNSEEN, WIDTH, Encoded
from api.analysis.models.sentence_heads import MARKS
from api.training import heads_training
from api.training.heads_training import FittedHeads, HeadStory, fit_heads
from api.training.wording_training import count_words
from schemas.enums import HappeningKind, SpinType, Stance

pytestmark = pytest.mark.slow  # no request is served by it

RARE = "amount"  # lacked by too few stories
TACTICS = ["innovation_framing", "inevitability_framing"]
SENTENCES, STORIES, PUBLISHERS = 4, 45, 15
FEWEST = 4
FOLDS = 3  # instead of eight, as each fit takes a second


def story(number: int) -> HeadStory:
    """Every third story is hype; its vectors, words and marks differ from those of the others."""
    random = np.random.default_rng(number)
    hype = number % 3 == 0
    vectors = random.normal(size=(SENTENCES, 2 * WIDTH)).astype(np.float32)
    vectors[:, :40] += 3.0 if hype else -3.0
    columns = random.normal(size=(SENTENCES, COLUMNS)).astype(np.float32)
    marks = np.full((SENTENCES, len(MARKS)), float(hype), np.float32)
    if number % 5 == 0:
        marks[:, : MARKS.index("claim")] = np.nan  # without readers
    lacks = ["price", RARE][: 2 if number < 6 else 1] if hype else []
    text = f"the mill {'gleams and gleams' if hype else 'was said to have'} turned on day {number}"
    return HeadStory(
        id=f"s{number}",
        publisher=f"publisher {number % PUBLISHERS}",
        is_real=number % 4 != 0,
        vectors=vectors,
        positions=random.normal(size=(SENTENCES, PLACE_COLUMNS)).astype(np.float32),
        encoded=Encoded(
            tokens=np.full(9, UNSEEN, np.float32),
            sentences=columns,
            shares=np.full(SENTENCES, 1 / SENTENCES, np.float32),
            marks=np.zeros((SENTENCES, len(MARKS)), np.float32),
            pooled=vectors.mean(axis=0),
            first=vectors[0],
        ),
        words=count_words(text, text),
        length=len(text.split()),
        marks=marks,
        score=60.0 + number % 7 if hype else 10.0 + number % 7,
        primary=SpinType.HYPE if hype else SpinType.NONE,
        secondary=SpinType.STAMPEDE if number % 9 == 0 else None,
        stance=Stance.PROMOTIONAL if hype else Stance.NEUTRAL,
        evidence=0.0 if hype else 2.0,
        kind=None if number % 4 == 0 else HappeningKind.LAUNCH if hype else HappeningKind.CLOSURE,
        tactic=TACTICS[0] if hype else None,
        lacks=None if number % 5 == 1 else frozenset(lacks),
    )


@pytest.fixture(scope="module")
def stories() -> list[HeadStory]:
    return [story(number) for number in range(STORIES)]


@pytest.fixture(scope="module", autouse=True)
def few_folds() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(heads_training, "FOLDS", FOLDS)
        patch.setattr(heads_training, "FEWEST", FEWEST)
        yield


@pytest.fixture(scope="module")
def fitted(stories: list[HeadStory]) -> FittedHeads:
    return fit_heads(stories, TACTICS)


def arrays(fitted: FittedHeads) -> dict[str, bytes]:
    return {name: values.tobytes() for name, values in (fitted.sentence | fitted.document).items()}


class TestFitHeads:
    def test_keeps_a_publisher_in_one_fold(self, stories: list[HeadStory], fitted: FittedHeads) -> None:
        folds: dict[str, set[int]] = {}
        for own, fold in zip(stories, fitted.folds.tolist(), strict=True):
            folds.setdefault(own.publisher, set()).add(fold)
        assert {len(found) for found in folds.values()} == {1}
        assert set(fitted.folds.tolist()) == set(range(FOLDS))

    @pytest.mark.slow
    def test_judges_a_story_without_the_labels_of_its_publisher(
        self, stories: list[HeadStory], fitted: FittedHeads
    ) -> None:
        publisher = stories[0].publisher
        other = [
            replace(s, score=100.0 - s.score, evidence=3.0 - s.evidence, marks=3.0 - s.marks)
            if s.publisher == publisher
            else s
            for s in stories
        ]
        again = fit_heads(other, TACTICS)
        own = np.array([s.publisher == publisher for s in stories])
        assert (again.folds == fitted.folds).all()
        assert again.held_out[own].tobytes() == fitted.held_out[own].tobytes()
        assert (again.held_out[~own] != fitted.held_out[~own]).any()
        for is_own, before, after in zip(own, fitted.marks, again.marks, strict=True):
            assert not is_own or before.tobytes() == after.tobytes()

    @pytest.mark.slow
    def test_gives_equal_bytes_twice(self, stories: list[HeadStory], fitted: FittedHeads) -> None:
        again = fit_heads(stories, TACTICS)
        assert arrays(again) == arrays(fitted)
        assert again.held_out.tobytes() == fitted.held_out.tobytes()
        assert again.logits.tobytes() == fitted.logits.tobytes()

    def test_has_the_shapes_of_the_shipped_files(self, fitted: FittedHeads) -> None:
        outputs = FIRST_TACTIC + len(TACTICS) + 1
        assert list(fitted.lacks) == ["price"]
        assert fitted.sentence["weights"].shape == (2 * WIDTH + COLUMNS + PLACE_COLUMNS + 1, len(MARKS))
        assert fitted.document["linear"].shape == (VIEWS, outputs)
        assert fitted.document["base"].shape == (outputs,)
        assert fitted.held_out.shape == (STORIES, outputs)
        assert fitted.logits.shape == (STORIES, len(TYPES) + len(STANCES))
        numbers = [v for v in (fitted.sentence | fitted.document).values() if v.dtype.kind == "f"]
        assert all(np.isfinite(values.astype(float)).all() for values in numbers)

    def test_learns_score_type_kind_and_marks_of_stories_it_has_not_seen(
        self, stories: list[HeadStory], fitted: FittedHeads
    ) -> None:
        hype = np.array([s.primary is SpinType.HYPE for s in stories])
        assert fitted.held_out[hype, SCORE].min() > fitted.held_out[~hype, SCORE].max()
        for number, is_hype in enumerate(hype):
            values = fitted.values(number)
            types, kinds = values.types, values.kinds
            assert max(types, key=lambda t: types[t]) is (SpinType.HYPE if is_hype else SpinType.NONE)
            assert (kinds[HappeningKind.LAUNCH] > kinds[HappeningKind.CLOSURE]) == is_hype
        steering = np.array([own[:, MARKS.index("steering")].mean() for own in fitted.marks])
        assert steering[hype].min() > steering[~hype].max()

    def test_tells_values_by_the_names_of_types_stances_kinds_and_tactics(self, fitted: FittedHeads) -> None:
        values = fitted.values(0)
        assert (tuple(values.types), tuple(values.stances)) == (TYPES, STANCES)
        assert (tuple(values.kinds), list(values.tactics)) == (KINDS, TACTICS)
        assert values.score == fitted.held_out[0, SCORE]
