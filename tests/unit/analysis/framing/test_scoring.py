"""The row of the reading beyond findings and facts: with it the score is the estimate of the heads."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.analysis.framing.detectors import DETECTORS
from api.analysis.framing.scoring import BEYOND, HUNDRED, MAX_SCORE, measure_effects, reading_beyond, score
from api.analysis.framing.spin import grounds_of, judge, weigh
from api.analysis.models.weights import weights
from api.analysis.text.rulings import Ruling
from api.analysis.text.signals import Measure
from tests.kit.texts.articles import document
from tests.kit.texts.framed_texts import CUSHION, HYPE, PLAIN_REPORT, STAMPEDE
from tests.kit.texts.taxonomy import TAXONOMY

STORIES = pytest.mark.parametrize("story", [HYPE, STAMPEDE, CUSHION, PLAIN_REPORT], ids=lambda s: s[0][:20])
EXAMPLES = [text for d in DETECTORS for text in (*d.finds, *d.passes)]
HALF = 0.5 + 1 / HUNDRED  # the score is rounded twice


class TestReadingBeyond:
    @given(st.floats(-300, 400))
    def test_makes_any_estimate_the_score_within_its_bounds(self, estimate: float) -> None:
        read = document(HYPE[1], HYPE[0])
        grounds = grounds_of(read)
        measures = [m for m in grounds.measures if m.code != BEYOND]
        beyond = reading_beyond(estimate, grounds.evidence, measures, grounds.words, weights())
        effects = measure_effects([*measures, beyond], weights())
        scored = score(grounds.evidence, effects, grounds.words, weights().score)
        assert 0 <= scored.score <= MAX_SCORE
        assert abs(scored.score - min(max(estimate, 0), MAX_SCORE)) <= HALF
        assert scored.clamp == 0

    @STORIES
    def test_has_no_places_and_no_count(self, story: tuple[str, str]) -> None:
        (beyond,) = [m for m in grounds_of(document(story[1], story[0])).measures if m.code == BEYOND]
        assert (beyond.places, beyond.count, beyond.of) == ([], None, None)

    @given(st.lists(st.sampled_from(EXAMPLES), max_size=10), st.integers(0, 10))
    @settings(max_examples=20)
    def test_leaves_the_estimate_as_it_is_whatever_is_counted(self, parts: list[str], count: int) -> None:
        read = document("\n\n".join(parts))
        facts = [Measure("steering_sentences", count / 10, [], count, 10, "A fact")]
        scored, _ = weigh(grounds_of(read, facts=facts))
        assert abs(scored.score - min(max(read.estimate, 0), MAX_SCORE)) <= HALF


class TestARuling:
    @STORIES
    def test_takes_the_points_of_its_finding_and_no_other_rules(self, story: tuple[str, str]) -> None:
        read = document(story[1], story[0])
        grounds = grounds_of(read)
        before, _ = weigh(grounds)
        for number, item in enumerate(grounds.evidence[:12]):
            code, hit = item.detector.code, item.hit
            ruling = Ruling(
                text_sha256=read.article.text_sha256, rule=code, start=hit.start, end=hit.end, note=""
            )
            after, _ = weigh(grounds_of(read, [ruling]))
            assert after.features == before.features
            assert after.findings[number] == 0
            pairs = zip(grounds.evidence, before.findings, after.findings, strict=True)
            assert all(one == other for e, one, other in pairs if e.detector.code != code)
            assert after.score <= before.score

    def test_of_every_finding_never_lowers_the_score_below_0(self) -> None:
        for title, body in (HYPE, STAMPEDE, CUSHION, PLAIN_REPORT):
            read = document(body, title)
            rulings = [
                Ruling(
                    text_sha256=read.article.text_sha256, rule=d.code, start=0, end=len(read.text), note=""
                )
                for d in DETECTORS
            ]
            after = judge(read, TAXONOMY, rulings)
            assert 0 <= after.spin.score <= judge(read, TAXONOMY).spin.score
            assert sum(row.points for row in after.ledger) == HUNDRED * after.spin.score
