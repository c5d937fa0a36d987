"""Single sentences with labels of people: the choice of sentences, and figures of both judges."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from api.evaluation.human_labels import SETS, human_figures
from api.evaluation.judged_texts import JudgedSentence, SentenceJudgement
from api.evaluation.public_sets import Row
from api.proposals.grounded import Drops

BABE, CLAIMBUSTER = SETS
NO_DROPS = Drops(passed=1, repaired=0, dropped={})
ROWS = [Row(f"Sentence {n}.", n % 2 == 0) for n in range(8)]


def judged(points: Sequence[float], rules: Sequence[float]) -> list[JudgedSentence]:
    """Sentences with these points of the model and the rules; the model claims something above 20."""
    return [
        JudgedSentence(
            llm=SentenceJudgement(points=p, loaded=p / 100, check_worthy=float(p > 20), steers=p > 20),
            rules=SentenceJudgement(points=r, loaded=0.5, check_worthy=r, steers=None),
            refusal=None,
            drops=NO_DROPS,
        )
        for p, r in zip(points, rules, strict=True)
    ]


class TestTheChosenSentences:
    def test_need_the_set(self, tmp_path: Path) -> None:
        with pytest.raises(OSError, match="babe"):
            BABE.chosen(tmp_path)

    def test_are_always_the_same(self, tmp_path: Path) -> None:
        (tmp_path / "claimbuster").mkdir()
        rows = [{"text": f"Ottoway sold {n} boats.", "label": n % 2} for n in range(300)]
        (tmp_path / "claimbuster" / "test.json").write_text(json.dumps(rows))
        chosen = CLAIMBUSTER.chosen(tmp_path)
        assert len({row.text for row in chosen}) == 100
        assert chosen == CLAIMBUSTER.chosen(tmp_path)
        assert len(CLAIMBUSTER.chosen(tmp_path, 7)) == 7

    def test_leave_out_what_people_did_not_agree_on(self, tmp_path: Path) -> None:
        (tmp_path / "babe").mkdir()
        (tmp_path / "babe" / "final_labels_SG2.csv").write_text(
            "text;label_bias\nThe plan is a disgrace.;Biased\nThe plan costs 4 million.;Non-biased\n"
            "The plan is odd.;No agreement\n"
        )
        assert BABE.chosen(tmp_path) == [
            Row("The plan is a disgrace.", True),
            Row("The plan costs 4 million.", False),
        ]


class TestFigures:
    def test_are_areas_of_both_and_a_yes_or_no_of_the_model(self) -> None:
        right, wrong = [60.0, 0.0] * 4, [0.0, 60.0] * 4
        points, loaded, yes = human_figures(BABE, ROWS, judged(right, wrong), times=20)
        assert (points.value, points.other, points.difference) == (1.0, 0.0, 1.0)
        assert (loaded.value, loaded.other) == (1.0, 0.5)
        assert (yes.label, yes.value) == ("BABE: biased sentence, macro-F1 of above the plain band", 1.0)
        assert (yes.other, yes.difference, yes.standard_error) == (None, None, None)

    def test_count_claims_as_check_worthy(self) -> None:
        some = judged([60.0, 60.0, 0.0, 0.0] * 2, [0.9, 0.1] * 4)
        area, yes = human_figures(CLAIMBUSTER, ROWS, some, times=20)
        assert (area.value, area.other) == (0.5, 1.0)
        assert yes.value == pytest.approx(0.5)
