from dataclasses import replace

import pytest

from api.analysis.framing.detector import Detector
from api.analysis.framing.detectors import DETECTORS
from api.analysis.framing.evidence import ALL_DETECTORS, gather
from api.analysis.framing.spin import Grounds, grounds_of, judge, weigh
from api.analysis.framing.unfitted import fitted, unfitted
from api.analysis.models.weights import Weights, weights
from api.runtime.load_taxonomy import load_taxonomy
from api.training.one_column import without
from tests.kit.texts.articles import document
from tests.kit.texts.framed_texts import CUSHION, HYPE, STAMPEDE

TAXONOMY = load_taxonomy()
CATEGORY = next(d for d in DETECTORS if d.code == "category_creation")
TEXTS = pytest.mark.parametrize("story", [HYPE, STAMPEDE, CUSHION], ids=lambda s: s[0][:20])


def table_without(detector: Detector) -> Weights:
    return without(weights(), detector.code)


class TestUnfitted:
    def test_names_a_detector_without_weights(self) -> None:
        new = replace(CATEGORY, code="brand_new")
        assert unfitted(weights(), (CATEGORY, new)) == ["brand_new"]
        assert "category_creation" in unfitted(table_without(CATEGORY))

    def test_names_what_is_not_fitted(self) -> None:
        codes = [*unfitted(weights()), *(d.code for d in fitted(weights()))]
        assert sorted(codes) == sorted(d.code for d in ALL_DETECTORS)

    def test_leaves_what_has_no_type_alone(self) -> None:
        codes = {d.code for d in fitted(weights()) if d.type is None}
        assert codes == {d.code for d in ALL_DETECTORS if d.type is None}


class TestAnUnfittedDetector:
    def test_finds_something_in_a_text_of_these_tests(self) -> None:
        assert any(e.detector is CATEGORY for e in gather(document(HYPE[1], HYPE[0])))

    @TEXTS
    def test_changes_nothing(self, story: tuple[str, str]) -> None:
        """For every detector: score, type, stance, tactic and grounds equal those of an engine without it."""
        read = document(story[1], story[0])
        for detector in {e.detector.code: e.detector for e in gather(read)}.values():
            if detector.type is None:
                continue
            table = table_without(detector)
            rest = gather(read, (), [d for d in ALL_DETECTORS if d is not detector])
            grounds = grounds_of(read, table=table)
            assert grounds.evidence == rest
            assert weigh(grounds, table) == weigh(Grounds(rest, grounds.measures, grounds.words), table)

    @TEXTS
    def test_has_no_finding_no_ablation_and_no_row_of_the_ledger(self, story: tuple[str, str]) -> None:
        said = judge(document(story[1], story[0]), TAXONOMY, table=table_without(CATEGORY))
        assert CATEGORY.code not in {finding.rule for finding in said.findings}
        assert CATEGORY.code not in {row.rule for row in said.ledger}
        assert {i for a in said.ablations for i in a.finding_ids} <= {f.id for f in said.findings}
        assert sum(row.points for row in said.ledger) == 100 * said.spin.score
