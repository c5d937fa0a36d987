"""The explanation of a score: a waterfall that ends at the score, without unserved quotes."""

from datetime import UTC, datetime

import msgspec
import pytest

from api.analysis.engines.rules import RulesEngine
from api.analysis.framing.detectors import DETECTORS
from api.analysis.text.article import Article
from api.rendering.quotes import MAX_CHARACTERS, MAX_SHARE, within_budget
from api.rendering.score_explanations import build_explanation
from api.rendering.verdicts import build_verdict
from schemas.assessments import Assessment
from schemas.enums import AblationKind, LedgerRowKind, SpinType, VerdictReason
from schemas.verdicts import Verdict
from tests.kit.texts.articles import article
from tests.kit.texts.assessments import spans_of
from tests.kit.texts.framed_texts import CUSHION, HYPE
from tests.kit.texts.taxonomy import TAXONOMY

ENGINE = RulesEngine()
# more findings than may be quoted
BOASTS = [text for detector in DETECTORS if detector.type is SpinType.HYPE for text in detector.finds]
DENSE = article("\n\n".join(" ".join(BOASTS[start : start + 4]) for start in range(0, len(BOASTS), 4)))
PLACED = (LedgerRowKind.FINDING, LedgerRowKind.FEATURE)


def served(record: Article, judged: Assessment) -> Verdict:
    verdict = build_verdict(
        judged,
        verdict_id="vrd_1",
        story_id="sty_1",
        source_id=None,
        version=3,
        reason=VerdictReason.INITIAL,
        url=None,
        title=record.title,
        claim_ids={},
        entity_ids={},
        at=datetime(2026, 3, 2, tzinfo=UTC),
        method="rules_and_weights",
    )
    return within_budget(verdict, record.text)


class TestBuildExplanation:
    def test_has_no_steps_for_a_text_that_cannot_be_judged(self) -> None:
        explained = build_explanation(ENGINE.assess(article("Too short."), TAXONOMY))
        assert (explained.spin, explained.steps) == (None, [])
        assert explained.not_scorable is not None

    @pytest.mark.parametrize("story", [HYPE, CUSHION], ids=["hype", "cushion"])
    def test_runs_from_the_base_to_the_score(self, story: tuple[str, str]) -> None:
        judged = ENGINE.assess(article(story[1], story[0]), TAXONOMY)
        assert judged.spin is not None
        steps = build_explanation(judged).steps
        total = 0
        for step, row in zip(steps, judged.ledger, strict=True):
            total += step.points
            assert step.total == total
            assert (step.kind, step.rule, step.ranges) == (row.kind, row.rule, row.ranges)
            assert not step.ranges or step.kind in PLACED
        assert total == judged.spin.score * 100

    def test_adds_the_steps_of_each_part_up_to_its_points(self) -> None:
        explained = build_explanation(ENGINE.assess(article(HYPE[1], HYPE[0]), TAXONOMY))
        told = {part.code: part.points for part in explained.parts}
        sums = dict.fromkeys(told, 0)
        for step in explained.steps:
            sums[step.part] += step.points
        assert sums == told

    def test_says_of_each_finding_what_its_ablation_says(self) -> None:
        judged = ENGINE.assess(article(HYPE[1], HYPE[0]), TAXONOMY)
        single = {
            a.finding_ids[0]: (a.score, a.primary)
            for a in judged.ablations or []
            if a.kind is AblationKind.FINDING
        }
        assert single
        for step in build_explanation(judged).steps:
            said = step.without and (step.without.score, step.without.primary)
            assert said == (single[step.finding] if step.finding else None)

    def test_serves_each_rows_words_or_null_within_the_budget_of_the_verdict(self) -> None:
        verdict = served(DENSE, ENGINE.assess(DENSE, TAXONOMY))
        explained = build_explanation(verdict)
        assert (explained.verdict_id, explained.story_id, explained.version) == ("vrd_1", "sty_1", 3)
        lost = 0
        for step in explained.steps:
            if step.kind is LedgerRowKind.FINDING:
                assert step.spans[0].start >= step.ranges[0].start
                assert step.spans[-1].end <= step.ranges[-1].end
            else:
                assert {(s.start, s.end) for s in step.spans} <= {(r.start, r.end) for r in step.ranges}
            for span in step.spans:
                lost += span.quote is None
                assert span.quote in (None, DENSE.text[span.start : span.end])
        assert lost > 0
        quoted = {(s.start, s.end) for s in spans_of(verdict) if s.quote is not None}
        assert {(s.start, s.end) for s in spans_of(explained) if s.quote is not None} <= quoted
        assert len({at for s, e in quoted for at in range(s, e)}) <= min(
            MAX_CHARACTERS, len(DENSE.text) * MAX_SHARE
        )

    def test_has_no_ablations_where_the_verdict_has_none(self) -> None:
        judged = ENGINE.assess(article(HYPE[1], HYPE[0]), TAXONOMY)
        old = build_explanation(msgspec.structs.replace(judged, ablations=None))
        assert old.ablations is None
        assert all(step.without is None for step in old.steps)
