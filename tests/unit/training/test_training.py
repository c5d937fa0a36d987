from dataclasses import replace

import msgspec
import pytest

from api.analysis.engines.fast.engine import fast_weights
from api.analysis.framing.detectors import DETECTORS
from api.analysis.framing.learned_terms import LEARNED
from api.analysis.framing.scoring import BEYOND, HUNDRED
from api.analysis.models.weights import Weights, weights, weights_bytes
from api.analysis.models.wording import SCORE
from api.analysis.models.wording_measures import PLAIN, STEERING
from api.analysis.text.features import FEATURES
from api.training.score_training import FACTS
from api.training.training import LEAST, Example, Fitted, fit
from api.training.wording_training import count_words
from schemas.enums import SpinType, Stance
from tests.kit.texts.taxonomy import TAXONOMY

pytestmark = pytest.mark.slow  # no request is served by it


def example(number: int) -> Example:
    """Every third text is hyped, every third alarming, every third plain; strengths increase with the number."""
    kind = (SpinType.HYPE, SpinType.STAMPEDE, SpinType.NONE)[number % 3]
    strength = 0.5 + (number % 10) / 10
    code = {SpinType.HYPE: "excitement", SpinType.STAMPEDE: "alarm"}.get(kind)
    text = f"the mill {'gleams and' if code else 'was said to have'} turned again on day {number}"
    return Example(
        strengths={code: strength} if code else {},
        measures={f.code: 0.1 for f in FEATURES} | {"attributed": 0.0 if code else 2.0},
        words=count_words(text, text),
        score=20 + 30 * strength if code else 8,
        primary=kind,
        secondary=None,
        stance=Stance.PROMOTIONAL if kind is SpinType.HYPE else Stance.NEUTRAL,
        tactic={"excitement": "innovation_framing", "alarm": "inevitability_framing"}.get(code or ""),
        weight=1.0,
        publisher=f"publisher {number}",
    )


@pytest.fixture(scope="module")
def both() -> Fitted:
    return fit([example(i) for i in range(90)], trained_on="invented", secondary=0.2, plain=15)


@pytest.fixture(scope="module")
def fitted(both: Fitted) -> Weights:
    return both.weights


class TestFit:
    @pytest.mark.slow
    def test_never_lets_a_finding_lower_the_score(self, fitted: Weights) -> None:
        assert min(fitted.score.detectors.values()) >= 100 * LEAST

    @pytest.mark.slow
    def test_learns_what_raises_and_what_lowers(self, fitted: Weights) -> None:
        assert fitted.score.detectors["excitement"] > 500
        assert fitted.score.features["attributed"] < 0
        hype, none = fitted.types[SpinType.HYPE], fitted.types[SpinType.NONE]
        assert hype.detectors["excitement"] > 0 > none.detectors["excitement"]
        assert none.features["attributed"] > 0

    @pytest.mark.slow
    def test_gives_the_same_weights_every_time(self, both: Fitted) -> None:
        again = fit([example(i) for i in range(90)], trained_on="invented", secondary=0.2, plain=15)
        assert msgspec.json.encode(again) == msgspec.json.encode(both)

    def test_judges_each_example_by_weights_that_have_not_seen_it(self, both: Fitted) -> None:
        points = [score for score, _ in both.held_out]
        assert min(points[0::3]) > max(points[2::3])
        assert {kind.primary for _, kind in both.held_out[2::3]} == {SpinType.NONE}

    def test_learns_which_words_steer(self, both: Fitted) -> None:
        terms, score = both.wording.terms, 1 + both.wording.outputs.index(SCORE)
        assert terms["gleams"][score] > 0 > terms["said"][score]

    def test_orders_the_interval(self, fitted: Weights) -> None:
        edges = [step.up_to for step in fitted.interval]
        assert edges == sorted(edges)
        assert edges[-1] == 100

    @pytest.mark.slow
    def test_learns_how_far_it_may_be_off_from_published_stories_alone(self) -> None:
        # one in twelve was published, and its readers were 25 points off to either side
        examples = [
            replace(e, weight=0.5)
            if number % 12
            else replace(e, score=e.score + (25 if number % 24 else -25))
            for number, e in enumerate(map(example, range(120)))
        ]
        steps = fit(examples, trained_on="invented", secondary=0.2, plain=15).weights.interval
        assert min(step.below for step in steps) > 20
        assert min(step.above for step in steps) > 10


TACTICS = {tactic.code for kind in TAXONOMY.types for tactic in kind.tactics}


class TestShippedWeights:
    def test_of_the_full_engine_cover_every_detector_fact_and_tactic(self) -> None:
        table = weights()
        assert set(table.score.detectors) == {d.code for d in (*DETECTORS, *LEARNED) if d.type is not None}
        assert set(table.score.features) == {*FACTS, BEYOND}
        assert set(table.score.plain) == set(FACTS)
        assert set(table.tactics) == TACTICS
        assert set(table.types) == set(SpinType)
        assert set(table.stances) == set(Stance)

    def test_of_the_full_engine_lower_the_score_for_no_fact_and_take_the_rest_as_it_is(self) -> None:
        score = weights().score
        assert min(score.detectors.values()) > 0
        assert min(score.features[fact] for fact in FACTS) >= 0
        assert score.features[BEYOND] == HUNDRED

    def test_of_the_fast_engine_cover_every_detector_feature_and_tactic(self) -> None:
        table = fast_weights()
        assert set(table.score.detectors) == {d.code for d in (*DETECTORS, *LEARNED) if d.type is not None}
        assert {f.code for f in FEATURES} | {STEERING, PLAIN} <= set(table.score.features)
        assert {d.tactic for d in DETECTORS if d.tactic is not None} <= set(table.tactics)
        assert set(table.types) == set(SpinType)
        assert set(table.stances) == set(Stance)

    def test_are_read_strictly(self) -> None:
        with pytest.raises(msgspec.ValidationError):
            msgspec.json.decode(weights_bytes()[:-2] + b',"more":1}', type=Weights)
