"""Rulings of upheld appeals on findings of a model."""

from api.analysis.text.rulings import Ruling
from api.proposals.ground_judgement import ground_judgement
from api.proposals.grounded import GroundedJudgement
from tests.kit.texts.answers import STORY, answer, finding
from tests.kit.texts.taxonomy import TAXONOMY


def judged(*rulings: Ruling, data: bytes | None = None) -> GroundedJudgement:
    found = ground_judgement(STORY, [data or answer()], TAXONOMY, rulings=rulings)
    assert isinstance(found, GroundedJudgement)
    return found


def ruling(words: str, rule: str = "breakthrough_framing", sha256: str | None = None) -> Ruling:
    start = STORY.text.index(words)
    text = STORY.article.text_sha256 if sha256 is None else sha256
    return Ruling(text_sha256=text, rule=rule, start=start, end=start + len(words), note="")


class TestARuling:
    def test_has_no_effect_on_another_rule_or_text(self) -> None:
        others = (ruling("endless", rule="public_good"), ruling("endless", sha256="0" * 64), ruling("depots"))
        assert judged(*others) == judged()

    def test_takes_a_finding_and_its_points(self) -> None:
        found = judged(ruling("endless"))
        assert len(found.findings) == len(judged().findings) - 1
        assert sum(row.points for row in found.ledger if row.finding) < sum(
            row.points for row in judged().ledger if row.finding
        )
        assert found.drops == judged().drops

    def test_leaves_no_type_without_a_finding(self) -> None:
        one = answer(findings=[finding("the possibilities are endless")])
        found = judged(ruling("endless"), data=one)
        assert (found.primary, found.tactic, found.findings, found.score) == ("none", None, [], 46)
