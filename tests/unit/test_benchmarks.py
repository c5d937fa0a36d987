"""The benchmark runs on the sample stories and invented rows: figures and regressions."""

from io import StringIO
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from click.testing import CliRunner
from rich.console import Console

from api.analysis.framing.spin import grounds_of, weigh
from api.evaluation.figures import Figure
from api.evaluation.public_sets import Row
from api.evaluation.resampling import auc, interval, resamples, wilson
from api.operations.exports.seed import SampleStory, load_sample_stories, sample_article
from api.pages.articles import article_from_text
from api.training.labelled import ALONE
from api.training.sentence_marks import Reading, read_marks
from schemas.enums import SourceType
from tests.benchmarks.__main__ import GUIDE, RECORDED, main
from tests.benchmarks.ablations import ABLATIONS, SHOWN, ablation_figures
from tests.benchmarks.figures import Run, fallen, read_recorded, write_recorded
from tests.benchmarks.gold import gold_figures, predictions
from tests.benchmarks.guide import guide
from tests.benchmarks.held_out import held_out_figures
from tests.benchmarks.labelled import Labelled, labelled_pages, labelled_stories
from tests.benchmarks.lengths import article_of_characters, articles_of_words
from tests.benchmarks.marks import READINGS, marked, marks_figures
from tests.benchmarks.outside import CHECKS, Outputs, outside_figure
from tests.benchmarks.profiles import PROFILES
from tests.benchmarks.refusals import refusal_figures
from tests.benchmarks.satires import satire_figures
from tests.benchmarks.seed_stories import seed_figures
from tests.benchmarks.table import print_run
from tests.benchmarks.verdicts import Verdicts
from tests.kit.texts.trap_texts import story as trap

DATE = "2026-11-25"
TRAINING = Path(__file__).resolve().parents[2] / "api" / "training" / "data"


@pytest.fixture(scope="module")
def verdicts() -> Verdicts:
    return Verdicts(PROFILES["full"])


@pytest.fixture(scope="module")
def samples() -> list[SampleStory]:
    stories = load_sample_stories()
    scored = [s for s in stories if s.expected.not_scorable is None]
    return [*scored[:4], next(s for s in stories if s.expected.not_scorable is not None)]


@pytest.fixture(scope="module")
def labelled(samples: list[SampleStory]) -> list[Labelled]:
    return [
        Labelled(s.url, sample_article(s), {"primary": s.expected.primary}, s.expected.primary is not None)
        for s in samples
    ]


def evaluate(labels: dict[str, dict[str, Any]], predicted: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Has the form of the evaluation script's result; only accuracy is measured."""
    right = [labels[i]["primary"] == predicted[i]["primary"] for i in labels]
    return dict.fromkeys(SHOWN, 0.5) | {
        "primary_accuracy": sum(right) / len(right),
        "primary_f1": {"hype": 0.5},
        "primary_ece": None,
    }


def a_run(**values: float) -> Run:
    figures = [
        Figure(
            part="gold",
            code=code,
            label=code,
            value=value,
            n=9,
            better="lower" if code == "mae" else "higher",
            slack=0.3 if code == "mae" else None if code == "shown" else 0.02,
        )
        for code, value in values.items()
    ]
    return Run(engine="rules", version="0", digest="d" * 64, date=DATE, figures=figures)


class TestRegressions:
    def test_names_a_figure_that_fell_by_more_than_its_slack(self) -> None:
        lines = fallen(a_run(f1=0.50, mae=9.0), a_run(f1=0.47, mae=9.4), frozenset(["gold"]))
        assert [line.split(":")[0] for line in lines] == ["gold/f1", "gold/mae"]

    def test_names_a_figure_that_is_no_longer_measured(self) -> None:
        assert len(fallen(a_run(f1=0.50), a_run(), frozenset(["gold"]))) == 1

    def test_lets_pass_what_rose_or_fell_a_little_or_is_only_shown(self) -> None:
        before, now = a_run(f1=0.50, mae=9.0, shown=0.9), a_run(f1=0.48, mae=6.0, shown=0.1)
        assert fallen(before, now, frozenset(["gold"])) == []

    def test_judges_only_the_parts_that_ran(self) -> None:
        assert fallen(a_run(f1=0.50), a_run(), frozenset(["speed"])) == []


class TestResampling:
    def test_counts_a_tie_as_half(self) -> None:
        positive = np.array([True, False, True, False])
        assert auc(np.array([2.0, 1.0, 1.0, 0.0]), positive) == pytest.approx(7 / 8)
        assert auc(np.zeros(4), positive) == pytest.approx(1 / 2)
        assert np.isnan(auc(np.zeros(2), np.array([True, True])))

    def test_draws_the_same_every_time_and_groups_whole(self) -> None:
        first, again = resamples(9, times=3), resamples(9, times=3)
        assert all((a == b).all() for a, b in zip(first, again, strict=True))
        for places in resamples(4, ["a", "a", "b", "b"], times=20):
            assert (places == 0).sum() == (places == 1).sum()

    def test_gives_intervals_around_the_figure(self) -> None:
        low, high = interval([float(i) for i in range(101)])
        assert (low, high) == (pytest.approx(2.5), pytest.approx(97.5))
        low, high = wilson(10, 10)
        assert low == pytest.approx(0.722, abs=0.001)  # Wilson's interval for 10 of 10, tabulated
        assert high == 1.0


class TestParts:
    @pytest.mark.slow
    def test_measure_the_sample_stories(self, samples: list[SampleStory], verdicts: Verdicts) -> None:
        found = {f.code: f for f in seed_figures(samples, verdicts).figures}
        assert found["type"].n == 4
        assert found["refusal"].value == 1.0

    def test_measure_refusals_and_name_the_wrong_ones(
        self, labelled: list[Labelled], verdicts: Verdicts
    ) -> None:
        right = refusal_figures(labelled, verdicts)
        assert {f.code: (f.value, f.n) for f in right.figures} == {
            "refused": (1.0, 1),
            "wrongly_refused": (0.0, 4),
        }
        assert right.notes == []
        turned = [Labelled(r.id, r.article, r.label, not r.scorable) for r in labelled]
        assert len(refusal_figures(turned, verdicts).notes) == 5

    def test_measure_whether_findings_stand_where_readers_see_the_text_steer(
        self, labelled: list[Labelled], verdicts: Verdicts
    ) -> None:
        story = next(s for s in labelled if verdicts.assess(s.article).findings)
        findings = [f for f in verdicts.assess(story.article).findings if f.type is not None]
        first, characters = findings[0], len(story.article.text)
        start, end = first.spans[0].start, first.spans[0].end
        letter = {"hype": "H", "halo": "A", "stampede": "S", "cushion": "C", "shield": "D", "fog": "F"}
        other = "F" if first.type != "fog" else "H"
        readings = [
            Reading(story.id, characters, 10, [(start, end, f"{letter[first.type or '']}2{other}1t")]),
            Reading(story.id, characters, 10, [(start, end, f"{letter[first.type or '']}3q")]),
        ]
        on_it = [f for f in findings if start <= f.spans[0].start < end]
        figures = {f.code: f for f in marks_figures(labelled, readings, verdicts)}
        assert figures["marked"].value == pytest.approx(len(on_it) / len(findings))
        same = [f for f in on_it if f.type is first.type]
        assert figures["typed"].value == pytest.approx(len(same) / len(findings))
        assert (figures["found"].value, figures["found"].n) == (1.0, 1)
        assert figures["chance"].value == pytest.approx(0.1)

    def test_refuse_marks_of_another_text(self, labelled: list[Labelled], verdicts: Verdicts) -> None:
        story = labelled[0]
        with pytest.raises(ValueError, match="another text was read"):
            marks_figures(labelled, [Reading(story.id, 5, 1, [])], verdicts)

    def test_read_the_training_stories_as_well(self) -> None:
        readings = read_marks((TRAINING / "sentence_marks.jsonl").read_bytes())
        own = {
            msgspec.json.decode(line)["id"]
            for name in ("labelled_stories", "more_labelled_stories")
            for line in (TRAINING / f"{name}.jsonl").read_bytes().splitlines()
        }
        assert own < {reading.id for reading in readings}
        assert not {r.id for r in readings} & {r.id for r in read_marks(READINGS.read_bytes())}

    def test_read_the_stories_of_the_next_training_once(self) -> None:
        lines = (TRAINING / "quiet_labelled_stories.jsonl").read_bytes().splitlines()
        readings = read_marks((TRAINING / "quiet_sentence_marks.jsonl").read_bytes())
        assert [msgspec.json.decode(line)["id"] for line in lines] == [reading.id for reading in readings]

    def test_have_two_readings_of_every_development_story(self) -> None:
        readings = read_marks(READINGS.read_bytes())
        ids = [reading.id for reading in readings]
        assert len(set(ids)) == 123
        assert all(ids.count(one) == 2 for one in ids)
        assert 0.3 < np.mean([len(marked(reading)) / reading.sentences for reading in readings]) < 0.6

    def test_are_held_out_by_collection_and_one_publisher_alone(self, tmp_path: Path) -> None:
        records = [
            msgspec.json.decode(line)
            for line in (TRAINING / "labelled_stories.jsonl").read_bytes().splitlines()[:4]
        ]
        for record in records:
            record |= {"origin": "published", "event": "launch", "news": None}
        records[3]["source"] = ALONE
        (tmp_path / "train2.jsonl").write_bytes(b"\n".join(map(msgspec.json.encode, records)))
        rows = [{"id": record["id"], "score": record["score"]} for record in records[:2]]
        rows.append({"id": records[3]["id"], "score": 50})
        file = tmp_path / "rows.jsonl"
        file.write_bytes(b"\n".join(map(msgspec.json.encode, rows)))

        def evaluate(labels: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
            differences = [abs(label["score"] - found[name]["score"]) for name, label in labels.items()]
            return {"score_mae": sum(differences) / len(differences), "primary_f1": {}}

        found = {f.part: (f.value, f.n) for f in held_out_figures(tmp_path, file, evaluate)}
        assert found == {"held_out_train2": (0.0, 2), "held_out_alone": (abs(records[3]["score"] - 50), 1)}

    def test_measure_satire_and_name_the_errors(self, labelled: list[Labelled], verdicts: Verdicts) -> None:
        title, body = trap("satire-2")
        satire = Labelled(
            "satire", article_from_text(title, body, "", SourceType.OTHER), {"satire": True}, True
        )
        polemics = [Row(words, False, "a") for words in body.split("\n\n")]
        found = satire_figures([satire, *labelled[:2]], labelled, polemics, verdicts)
        values = {f.code: (f.value, f.n) for f in found.figures}
        assert values == {"known": (1.0, 1), "own": (0.0, 2), "published": (0.0, 4), "polemics": (1.0, 1)}
        assert found.notes == ["a: taken for satire"]

    def test_measure_agreement_by_the_given_evaluation(
        self, labelled: list[Labelled], verdicts: Verdicts
    ) -> None:
        found = {
            f.code: f for f in gold_figures(labelled, predictions(labelled, verdicts), evaluate, times=20)
        }
        accuracy = found["primary_accuracy"]
        assert accuracy.n == 4
        assert accuracy.low is not None
        assert accuracy.high is not None
        assert accuracy.low <= accuracy.value <= accuracy.high
        assert "primary_ece" not in found
        assert found["f1_hype"].slack is None

    def test_measure_every_ablation(self, labelled: list[Labelled], verdicts: Verdicts) -> None:
        found = ablation_figures(labelled, verdicts, evaluate, list(ABLATIONS))
        own = set(ABLATIONS) - PROFILES["full"].without
        assert len(found) == len(own) * len(SHOWN)
        assert {f.code.partition("/")[0] for f in found} == own
        silent = {f.value for f in found if f.code == "without detectors/primary_accuracy"}
        none = [r for r in labelled if r.scorable and r.label["primary"] == "none"]
        assert silent == {len(none) / 4}  # no type without a finding

    def test_take_from_a_profile_what_it_has(self, labelled: list[Labelled]) -> None:
        found = ablation_figures(labelled, Verdicts(PROFILES["fast"]), evaluate, list(ABLATIONS))
        assert {f.code.partition("/")[0] for f in found} == set(ABLATIONS) - PROFILES["fast"].without

    @pytest.mark.slow
    @pytest.mark.parametrize("profile", PROFILES)
    def test_weigh_what_is_left_as_the_profile_does(self, profile: str, labelled: list[Labelled]) -> None:
        asked = PROFILES[profile]
        verdicts = Verdicts(asked)
        for story in (story for story in labelled if story.scorable):
            scored, said = weigh(
                grounds_of(asked.read(story.article), table=asked.weights()), asked.weights()
            )
            spin = verdicts.assess(story.article).spin
            assert spin is not None
            assert (scored.score, said.primary, said.stance) == (spin.score, spin.primary, spin.stance)

    @pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
    def test_ask_an_output_of_each_public_set(self, check: Any, verdicts: Verdicts) -> None:
        rows = [
            Row("Hurry! Our revolutionary platform will transform everything, and it causes joy.", True, "a"),
            Row("The office is open on Tuesdays.", False, "b"),
        ]
        figure = outside_figure(check, rows, Outputs(verdicts))
        assert 0 <= figure.value <= 1
        assert figure.n == 2

    @pytest.mark.parametrize("words", [200, 800])
    def test_make_articles_of_a_length(self, words: int) -> None:
        assert {article.words for article in articles_of_words(words)} == {words}
        assert abs(len(article_of_characters(7_500).text) - 7_500) < 100

    def test_read_labelled_stories_as_the_command_line_does(self, tmp_path: Path) -> None:
        path = tmp_path / "stories.jsonl"
        record = {"id": "x1", "title": "A mill", "text": "A mill\n\nIt turns.", "source_type": "media"}
        path.write_bytes(msgspec.json.encode(record | {"confidence": 0}) + b"\n")
        (story,) = labelled_stories(path)
        assert not story.scorable
        assert story.article.text == "A mill\n\nIt turns."

    def test_read_saved_pages_as_the_service_does(self, tmp_path: Path) -> None:
        page = (
            "<html><head><title>A mill</title></head><body><article><p>It turns.</p></article></body></html>"
        )
        (tmp_path / "mill.html").write_text(page)
        entry = {"file": "mill.html", "url": "https://mill.example/a", "expected": "not_scorable"}
        (tmp_path / "index.json").write_bytes(msgspec.json.encode([entry]))
        (story,) = labelled_pages(tmp_path)
        assert not story.scorable
        assert "It turns." in story.article.text


class TestReports:
    def test_show_every_figure_beside_its_bar(self) -> None:
        run = a_run(score_spearman=0.74, unknown=0.5)
        console = Console(record=True, width=180, file=StringIO())
        print_run(console, run, "full", None)
        text = console.export_text()
        assert "0.740" in text
        assert "0.850 missed" in text

    def test_survive_being_written_and_read(self) -> None:
        figure = read_recorded(write_recorded({"full": a_run(f1=0.123456)}))["full"].figure("gold/f1")
        assert figure is not None
        assert figure.value == 0.1235

    def test_give_each_profile_a_column(self) -> None:
        page = guide({"full": a_run(f1=0.5), "fast": a_run(f1=0.4)})
        assert "| f1 | 9 | 0.500 | 0.400 |" in page
        assert "language-model annotators" in page

    def test_have_a_guide_that_is_fresh(self) -> None:
        recorded = read_recorded(RECORDED.read_bytes())
        assert guide(recorded) == GUIDE.read_text(encoding="utf-8"), "run `make bench-engine ARGS=--record`"


class TestCommand:
    def test_refuses_to_record_some_of_the_ablations(self, tmp_path: Path) -> None:
        arguments = ["--data", str(tmp_path), "--date", DATE, "--record", "--ablation", "without reading"]
        assert CliRunner().invoke(main, arguments).exit_code == 2

    def test_refuses_a_profile_that_is_not_there(self, tmp_path: Path) -> None:
        arguments = ["--data", str(tmp_path), "--date", DATE, "--profile", "none such"]
        assert CliRunner().invoke(main, arguments).exit_code == 2
