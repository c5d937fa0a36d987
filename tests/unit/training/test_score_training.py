"""The parts of the score, and certainty by bands, fitted to invented stories."""

from dataclasses import replace
from itertools import pairwise

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.analysis.content.score_facts import ASSERTED, OMITTED, OWN_VOICE
from api.analysis.framing.scoring import BEYOND, HUNDRED
from api.analysis.models.encoder_measures import STEERING
from api.training.score_training import (
    BAND,
    FACTS,
    LEAST_FINDING,
    MAX_CERTAIN,
    PLAIN_SCORE,
    FittedScore,
    ScoredStory,
    _certainty,
    fit_score,
)
from schemas.enums import SpinType, Stance
from tests.kit.texts.taxonomy import TAXONOMY

TACTICS = [tactic.code for kind in TAXONOMY.types for tactic in kind.tactics]
STORIES = 4 * BAND


def story(number: int, *, is_real: bool = True) -> ScoredStory:
    """Two of three stories are hype; more steering and findings raise the score, the own voice lowers it.

    The type by the logits is right the more often, the surer it is.
    """
    random = np.random.default_rng(number)
    hype = number % 3 > 0
    steering, own = random.random(2)
    strength = float(random.random()) if hype else 0.0
    score = 20 + 50 * steering + 10 * strength - 15 * own if hype else float(random.integers(0, PLAIN_SCORE))
    sure = float(random.uniform(0.2, 3))
    right = random.random() < sure / 3
    primary = SpinType.NONE if not hype else SpinType.HYPE if right else SpinType.HALO
    logits = np.zeros(len(SpinType) + len(Stance))
    logits[list(SpinType).index(SpinType.HYPE if hype else SpinType.NONE)] = sure
    return ScoredStory(
        strengths={"excitement": strength, "altruistic_reframing": 0.1} if hype else {},
        facts={
            STEERING: float(steering) if hype else 0.05,
            ASSERTED: float(random.random()),
            OWN_VOICE: float(own),
            OMITTED: 0.2,
        },
        estimate=float(score + random.normal() * 4),
        logits=logits,
        score=float(max(score, 0)),
        primary=primary,
        is_real=is_real,
        fold=number % 4,
    )


def fit(stories: list[ScoredStory]) -> FittedScore:
    return fit_score(stories, TACTICS, trained_on="invented", secondary=0.2, plain=12)


@pytest.fixture(scope="module")
def stories() -> list[ScoredStory]:
    return [story(number) for number in range(STORIES)]


@pytest.fixture(scope="module")
def fitted(stories: list[ScoredStory]) -> FittedScore:
    return fit(stories)


class TestFitScore:
    def test_lets_no_part_lower_the_score_and_every_finding_count(self, fitted: FittedScore) -> None:
        score = fitted.weights.score
        assert min(score.detectors.values()) >= round(HUNDRED * LEAST_FINDING)
        assert min(score.features.values()) >= 0
        assert score.features[OWN_VOICE] == 0  # which lowers the labels here

    def test_gives_points_to_the_parts_that_explain_the_score_alone(self, fitted: FittedScore) -> None:
        features = fitted.weights.score.features
        assert set(features) == {*FACTS, BEYOND}
        assert features[STEERING] > 0
        assert (features[ASSERTED], features[OMITTED]) == (0, 0)
        assert features[BEYOND] == HUNDRED
        assert fitted.own[STEERING] > fitted.own[ASSERTED]
        assert 0 < fitted.share < 1

    def test_starts_at_the_mean_of_plain_reports(
        self, stories: list[ScoredStory], fitted: FittedScore
    ) -> None:
        reports = [s for s in stories if s.primary is SpinType.NONE and s.score <= PLAIN_SCORE]
        assert fitted.weights.score.base == HUNDRED * round(np.mean([s.score for s in reports]))
        for code, plain in fitted.weights.score.plain.items():
            assert plain == pytest.approx(np.mean([s.facts[code] for s in reports]), abs=0.001)

    def test_learns_of_published_stories_alone(self, stories: list[ScoredStory], fitted: FittedScore) -> None:
        written = [replace(story(n), score=90.0, estimate=0.0, is_real=False) for n in range(60)]
        again = fit([*written, *stories])
        assert msgspec.json.encode(again.weights) == msgspec.json.encode(fitted.weights)

    def test_gives_equal_bytes_twice(self, stories: list[ScoredStory], fitted: FittedScore) -> None:
        assert msgspec.json.encode(fit(stories)) == msgspec.json.encode(fitted)

    def test_takes_types_stances_and_tactics_from_the_heads_as_they_are(self, fitted: FittedScore) -> None:
        weights = fitted.weights
        assert set(weights.tactics) == set(TACTICS)
        forms = {
            **{f"sees_{kind}": form for kind, form in weights.types.items()},
            **{f"sees_{stance}_stance": form for stance, form in weights.stances.items()},
            **{f"sees_{tactic}": form for tactic, form in weights.tactics.items()},
        }
        assert all(form.features == {code: 1.0} for code, form in forms.items())
        assert not any(form.base or form.detectors for form in forms.values())

    def test_is_surer_of_types_with_a_higher_probability(self, fitted: FittedScore) -> None:
        steps = fitted.weights.confidence
        assert len(steps) > 1
        assert all(a < c and b < d for (a, b), (c, d) in pairwise(steps))
        assert steps[-1][1] <= MAX_CERTAIN
        assert fitted.weights.plain_confidence <= MAX_CERTAIN


class TestCertainty:
    @given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=5 * BAND))
    @settings(max_examples=30)
    def test_never_falls(self, judged: list[tuple[float, bool]]) -> None:
        shares, right = (np.array(column) for column in zip(*judged, strict=True))
        steps = _certainty(shares, right)
        assert 1 <= len(steps) <= max(len(judged) // BAND, 1)
        assert all(a <= c and b <= d for (a, b), (c, d) in pairwise(steps))
        assert all(0 <= certain <= MAX_CERTAIN for _, certain in steps)

    def test_is_the_share_of_right_types_in_each_band(self) -> None:
        shares = np.repeat([0.4, 0.9], BAND)
        right = np.concatenate([np.arange(BAND) % 2 == 0, np.arange(BAND) % 5 > 0])
        assert _certainty(shares, right) == [(0.4, 0.5), (0.9, 0.8)]

    def test_of_bands_that_fall_is_their_common_share(self) -> None:
        shares = np.repeat([0.4, 0.9], BAND)
        right = np.concatenate([np.arange(BAND) % 5 > 0, np.arange(BAND) % 2 == 0])
        assert _certainty(shares, right) == [(0.65, 0.65)]

    def test_is_never_above_the_agreement_of_readers(self) -> None:
        assert _certainty(np.full(BAND, 0.99), np.ones(BAND, bool)) == [(0.99, MAX_CERTAIN)]
