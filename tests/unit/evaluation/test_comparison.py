"""Assessments beside labels: each measure, and agreement with the evaluation script beside the checkout."""

from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest

from api.evaluation.comparison import Comparison, compared, macro_f1, measures_of, same_sentence, spearman
from api.evaluation.figures import MEASURES, paired_figures
from api.evaluation.labels import Label
from tests.benchmarks.gold import load_evaluate
from tests.kit.shared import shared_folder

HELD_BACK = Path(__file__).resolve().parents[2] / "benchmarks" / "data"
TEXT = "Ottoway sails on. Its bold new hull is a triumph. It sold 40 boats, the yard said."
LABEL: dict[str, Any] = {
    "text": TEXT,
    "confidence": 0.9,
    "score": 40,
    "primary": "hype",
    "stance": "promotional",
    "tactic": "breakthrough_framing",
    "loaded_terms": ["bold", "triumph"],
    "claims": [{"text": "It sold 40 boats, the yard said."}],
    "evidence_strength": "weak",
    "event": "launch",
    "news": "Ottoway sails on.",
    "subject": "Ottoway",
}
JUDGED: dict[str, Any] = {
    "score": 46,
    "primary": "hype",
    "secondary": None,
    "stance": "promotional",
    "tactic": "breakthrough framing",
    "loaded_terms": ["triumph"],
    "claims": [{"text": "It sold 40 boats."}, {"text": "Ottoway sails on."}],
    "evidence_strength": "weak",
    "confidence": None,
    "interval": None,
    "event": "update",
    "subject": "The Ottoway yard",
    "news": "Its bold new hull is a triumph.",
}
REFUSED = {"status": "not_scorable"}


def label(**changes: Any) -> Label:
    return msgspec.json.decode(msgspec.json.encode(LABEL | changes), type=Label)


def compare(judged: dict[str, Any] | None = None, **changes: Any) -> Comparison:
    return compared(label(**changes), JUDGED if judged is None else judged)


class TestALabel:
    def test_is_refused_without_its_members(self) -> None:
        with pytest.raises(msgspec.ValidationError, match="primary"):
            msgspec.json.decode(b'{"confidence": 1, "text": "", "score": 1}', type=Label)


class TestARefusedText:
    def test_counts_as_wrong_in_every_measure_but_calibration(self) -> None:
        found = measures_of([compare(REFUSED)])
        assert (found["primary_accuracy"], found["score_mae"], found["stance_accuracy"]) == (0, 40, 0)
        assert (found["loaded_terms_f1"], found["claims_f1"], found["news_found"]) == (0, 0, 0)
        assert (found["primary_ece"], found["score_interval_coverage"]) == (None, None)


class TestComparison:
    def test_refuses_to_measure_nothing(self) -> None:
        with pytest.raises(ValueError, match="nothing"):
            measures_of([])

    def test_counts_terms_by_character_and_claims_by_sentence(self) -> None:
        found = measures_of([compare()])
        assert found["loaded_terms_f1"] == pytest.approx(2 * 7 / (11 + 7))
        assert (found["claims_recall"], found["claims_precision"]) == (1, 0.5)

    def test_compares_tactics_by_code_where_the_type_is_right(self) -> None:
        assert compare().tactic is True
        assert compare(tactic="crypto_framing").tactic is False
        assert compare(primary="halo").tactic is None

    def test_takes_the_answer_of_either_reader_on_what_happened(self) -> None:
        assert (compare().event, compare().event_group, compare().news, compare().subject) == (
            False,
            True,
            False,
            True,
        )
        second = {"event": "update", "news": "Its bold new hull is a triumph.", "subject": None}
        assert (compare(second=second).event, compare(second=second).news) == (True, True)
        assert compare(event=None).news is None

    def test_leaves_calibration_out_without_confidence_and_interval(self) -> None:
        sure = JUDGED | {"confidence": 0.75, "interval": [30, 50]}
        found = measures_of([compare(sure), compare(sure | {"primary": "halo"}), compare(REFUSED)])
        assert found["primary_ece"] == pytest.approx(0.5)
        assert (found["score_interval_coverage"], found["score_interval_width"]) == (1, 20)
        assert measures_of([compare(sure), compare()])["primary_ece"] is None

    def test_ranks_ties_at_their_mean(self) -> None:
        assert spearman([1, 2, 3, 4], [10, 20, 20, 30]) == pytest.approx(4.5 / (5 * 4.5) ** 0.5)
        assert spearman([1, 2], [5, 5]) == 0

    def test_takes_the_mean_of_the_classes_that_occur(self) -> None:
        assert macro_f1(["a", "a", "b"], ["a", "c", "b"]) == pytest.approx((2 / 3 + 1) / 2)

    def test_takes_sentences_for_the_same_from_half_of_their_words(self) -> None:
        assert same_sentence("The yard sold boats.", "the YARD sold")
        assert not same_sentence("The yard sold boats.", "boats")
        assert not same_sentence("", "")


class TestPairedFigures:
    def test_measure_two_judges_on_the_same_draws(self) -> None:
        rows = [compare(JUDGED | {"score": score}) for score in (40, 50, 60)]
        worse = [compare(JUDGED | {"score": score + 5}) for score in (40, 50, 60)]
        (found,) = paired_figures(
            [measure for measure in MEASURES if measure.code == "score_mae"],
            lambda places: measures_of([rows[i] for i in places]),
            lambda places: measures_of([worse[i] for i in places]),
            len(rows),
            times=50,
        )
        assert (found.value, found.other, found.difference) == (10, 15, -5)
        assert found.standard_error == pytest.approx(0)  # each record differs by five
        assert found.low < 10 < found.high


class TestTheEvaluationScript:
    def test_measures_the_same(self) -> None:
        folder = shared_folder()
        script = folder / "eval" / "evaluate.py" if folder else None
        if script is None or not script.exists():
            pytest.skip("no evaluation script beside the checkout")
        evaluate = load_evaluate(script)
        lines = (HELD_BACK / "held_back_quiet_stories.jsonl").read_bytes().splitlines()
        labels = [msgspec.json.decode(line) for line in lines]
        labels = [one | told(one) for one in labels if one["confidence"]]
        others = Random(5).sample(labels, len(labels))
        guesses = [guess(*pair, number) for number, pair in enumerate(zip(labels, others, strict=True))]
        names = [str(number) for number in range(len(labels))]
        theirs = evaluate(dict(zip(names, labels, strict=True)), dict(zip(names, guesses, strict=True)))
        wanted = [msgspec.json.decode(msgspec.json.encode(one), type=Label) for one in labels]
        rows = [compared(one, judged) for one, judged in zip(wanted, guesses, strict=True)]
        ours = measures_of(rows)
        codes = [measure.code for measure in MEASURES]
        assert {code: ours[code] for code in codes} == pytest.approx({code: theirs[code] for code in codes})
        assert {k: ours[f"f1_{k}"] for k in theirs["primary_f1"]} == pytest.approx(theirs["primary_f1"])
        assert ours["event_group_accuracy"] == theirs["event_group_accuracy"]


def told(record: dict[str, Any]) -> dict[str, Any]:
    """What happened, which these labels do not tell: an invented answer."""
    kinds = ("launch", "update", "job_cuts", "closure")
    sentence = record["text"].split(".")[0]
    return {"event": kinds[len(sentence) % 4], "news": sentence, "subject": sentence.split()[0]}


def guess(own: dict[str, Any], other: dict[str, Any], number: int) -> dict[str, Any]:
    """A judge that is right about two texts in three, refuses one in twenty and mistakes the others."""
    if number % 20 == 7:
        return dict(REFUSED)
    source = other if number % 3 == 0 else own
    return {
        "score": source["score"] // 1,
        "primary": source["primary"],
        "secondary": other["primary"],
        "stance": source["stance"],
        "tactic": source["tactic"] or "none",
        "loaded_terms": source["loaded_terms"][::2],
        "claims": [*source["claims"][::2], *other["claims"][:1]],
        "evidence_strength": source["evidence_strength"],
        "confidence": (number % 10) / 10,
        "interval": [own["score"] - 5, own["score"] + number % 9 - 4],
        "event": other["event"],
        "subject": source["subject"],
        "news": source["news"],
    }
