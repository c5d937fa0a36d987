from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import msgspec
import numpy as np
import pytest

from api.analysis.engines.fast.engine import fast_weights as weights
from api.analysis.engines.fast.skimming import skim
from api.analysis.engines.reading import read
from api.analysis.framing.detector import Detector
from api.analysis.framing.detectors import DETECTORS
from api.analysis.framing.evidence import ALL_DETECTORS, gather, strengths
from api.analysis.framing.patterns import lexical
from api.analysis.framing.spin import grounds_of, weigh
from api.analysis.models.weights import Weights
from api.analysis.text.lexicon import Lexicon, phrases
from api.training.labelled import training_records
from api.training.one_column import (
    Column,
    FindsNothing,
    Story,
    as_file,
    fit_column,
    judged,
    with_column,
    without,
)
from api.training.one_detector import FILES, HELD_BACK, LABELLED, Refused, chosen, report, spearman
from api.training.reading_cache import DetectorResult, cached_reading, read_stories, source_of
from schemas.enums import SpinType, Stance
from tests.kit.texts.articles import article
from tests.kit.texts.framed_texts import CUSHION, HYPE, PLAIN_LAYOFF, PLAIN_REPORT, STAMPEDE

EXCITEMENT = next(d for d in DETECTORS if d.code == "excitement")
TOY = replace(
    EXCITEMENT, code="toy", find=lexical(Lexicon(phrases("grower; growers; platform; office; engineer")))
)
SHIPPED = [d for d in DETECTORS if d.code in weights().score.detectors]
ARTICLES = [article(body, title) for title, body in (HYPE, STAMPEDE, CUSHION, PLAIN_REPORT, PLAIN_LAYOFF)]
LABELS = [
    (80.0, SpinType.HYPE, Stance.PROMOTIONAL, "innovation_framing"),
    (85.0, SpinType.STAMPEDE, Stance.PROMOTIONAL, "inevitability_framing"),
    (60.0, SpinType.CUSHION, Stance.DEFENSIVE, "strategic_reset"),
    (5.0, SpinType.NONE, Stance.NEUTRAL, None),
    (8.0, SpinType.NONE, Stance.NEUTRAL, None),
]


def stories(found: list[DetectorResult]) -> list[Story]:
    return [
        Story(str(number), one, score, primary, stance, tactic, 1.0)
        for number, (one, (score, primary, stance, tactic)) in enumerate(zip(found, LABELS, strict=True))
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


@pytest.fixture(scope="module")
def five(folder: Path) -> list[Story]:
    return stories(read_stories(ARTICLES, "fast", TOY, folder))


@pytest.fixture(scope="module")
def excited(tmp_path_factory: pytest.TempPathFactory) -> list[Story]:
    """The same stories for a detector that is a part of the engine."""
    return stories(read_stories(ARTICLES, "fast", EXCITEMENT, tmp_path_factory.mktemp("excited")))


class TestRefusals:
    def test_no_detector_has_the_code(self) -> None:
        with pytest.raises(Refused, match="has the code toy"):
            chosen("toy", weights(), again=False)

    def test_it_has_weights_already(self) -> None:
        with pytest.raises(Refused, match="excitement has weights already; `--again`"):
            chosen("excitement", weights(), again=False)
        assert chosen("excitement", weights(), again=True) is EXCITEMENT

    def test_it_only_reports(self) -> None:
        with pytest.raises(Refused, match="only reports"):
            chosen("addressed_to_scorer", weights(), again=False)

    def test_its_tactic_is_known_to_no_weights(self) -> None:
        with pytest.raises(Refused, match="tactic juggling"):
            chosen("toy", weights(), again=False, detectors=[replace(TOY, tactic="juggling")])

    def test_it_finds_nothing(self, five: list[Story]) -> None:
        silent = [replace(story, read=replace(story.read, strength=0.0, found=[])) for story in five]
        with pytest.raises(FindsNothing, match="toy finds nothing in 5 labelled stories"):
            fit_column(TOY, silent, weights())


class TestTables:
    @pytest.mark.parametrize("name", FILES.values())
    def test_are_written_as_the_whole_fit_writes_them(self, name: str) -> None:
        shipped = (files("api.analysis") / "models" / name).read_bytes()
        assert as_file(msgspec.json.decode(shipped, type=Weights)) == shipped

    def test_change_by_the_lines_of_the_detector_alone(self, excited: list[Story]) -> None:
        bare = without(weights(), "excitement")
        after = with_column(bare, "excitement", fit_column(EXCITEMENT, excited, bare))
        old, new = as_file(bare).splitlines(), as_file(after).splitlines()
        assert [line for line in new if b'"excitement": ' not in line] == old
        tactics = {d.tactic for d in DETECTORS if d.type is EXCITEMENT.type}
        assert len(new) - len(old) == 1 + len(SpinType) + len(Stance) + len(tactics)

    @pytest.mark.parametrize("detector", SHIPPED, ids=lambda d: d.code)
    def test_are_the_same_after_a_detector_came_and_went(self, detector: Detector) -> None:
        bare = without(weights(), detector.code)
        assert detector.code.encode() + b'":' not in as_file(bare).replace(
            f'"{detector.code}": {{'.encode(), b""
        )
        own = Column(
            points=weights().score.detectors[detector.code],
            asked=0.0,
            types={kind: form.detectors[detector.code] for kind, form in weights().types.items()},
            stances={kind: form.detectors[detector.code] for kind, form in weights().stances.items()},
            tactics={
                name: form.detectors[detector.code]
                for name, form in weights().tactics.items()
                if detector.code in form.detectors
            },
        )
        assert as_file(with_column(bare, detector.code, own)) == as_file(weights())


class TestFit:
    def test_gives_equal_columns_for_equal_stories(self, five: list[Story]) -> None:
        assert fit_column(TOY, five, weights()) == fit_column(TOY, five, weights())

    def test_never_lets_a_finding_lower_the_score(self, five: list[Story]) -> None:
        low = [replace(story, score=0.0 if story.read.strength else story.score) for story in five]
        column = fit_column(TOY, low, weights())
        assert column.asked < 0
        assert column.points == 40

    def test_follows_the_labels(self, five: list[Story]) -> None:
        """Labels are the engine's score plus 20 points for each unit of strength in a type of their own."""
        many = []
        for story in five * 60:
            said = judged(story, weights())
            kind = SpinType.HALO if story.read.strength else said.kind.primary
            many.append(replace(story, score=min(said.score, 50) + 20 * story.read.strength, primary=kind))
        column = fit_column(TOY, many, weights())
        assert 200 < column.points < 2000  # drawn towards zero, more than the minimum
        assert max(column.types, key=lambda kind: column.types[kind]) is SpinType.HALO

    def test_reports_what_changes(self, excited: list[Story]) -> None:
        bare = without(weights(), "excitement")
        column = Column(1000, 10.0, dict.fromkeys(SpinType, 0.0), dict.fromkeys(Stance, 0.0), {})
        lines = report(excited, bare, with_column(bare, "excitement", column), EXCITEMENT)
        assert lines[0] == "held back: finds something in 1 of 5 stories"
        assert "“thrilled to”" in lines[-1]
        assert "labelled 80 hype" in lines[-1]


class TestReadings:
    @pytest.mark.parametrize("record", ARTICLES, ids=lambda a: a.title[:20])
    def test_that_were_kept_are_as_fresh_ones(self, record, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
        fresh = read(record)
        for kept in (cached_reading(record, tmp_path), cached_reading(record, tmp_path)):
            assert gather(kept) == gather(fresh)
            assert grounds_of(kept) == grounds_of(fresh)

    def test_are_judged_as_the_engine_judges(self, five: list[Story]) -> None:
        for story, record in zip(five, ARTICLES, strict=True):
            scored, kind = weigh(grounds_of(skim(record), table=weights()), weights())
            said = judged(story, weights())
            assert (said.score, said.kind) == (scored.score, kind)

    def test_of_the_fast_engine_need_no_parse(self, tmp_path: Path) -> None:
        found = read_stories(ARTICLES, "fast", TOY, tmp_path)
        quick = [skim(record) for record in ARTICLES]
        expected = [
            strengths(gather(text, (), [TOY]), len(text.text.split())).get("toy", 0.0) for text in quick
        ]
        assert [one.strength for one in found] == expected

    def test_are_taken_up_with_another_detector(self, tmp_path: Path) -> None:
        folder, first = tmp_path, stories(read_stories(ARTICLES, "full", TOY, tmp_path))
        other = replace(TOY, code="other", find=lexical(Lexicon(phrases("colleagues"))))
        (readings,) = folder.glob("readings-*")
        before = {path: path.stat().st_mtime_ns for path in readings.iterdir()}
        again = stories(read_stories(ARTICLES, "full", other, folder))
        assert {path: path.stat().st_mtime_ns for path in readings.iterdir()} == before
        assert [story.read.others for story in again] == [story.read.others for story in first]
        assert [bool(story.read.strength) for story in again] == [False, False, True, False, False]

    def test_leave_the_detector_itself_out(self, tmp_path: Path) -> None:
        found = read_stories(ARTICLES, "fast", EXCITEMENT, tmp_path)
        assert found[0].strength
        assert all("excitement" not in one.others.strengths for one in found)
        assert source_of(EXCITEMENT) == "framing/detectors/excitement.py"
        assert source_of(TOY) is None
        assert len({d.code for d in ALL_DETECTORS}) == len(ALL_DETECTORS)


class TestFigures:
    def test_rank_ties_at_their_mean(self) -> None:
        assert spearman(np.array([1.0, 2.0, 3.0]), np.array([5.0, 5.0, 9.0])) == pytest.approx(0.8660254)
        assert spearman(np.array([1.0, 2.0, 3.0]), np.array([3.0, 2.0, 1.0])) == pytest.approx(-1.0)
        assert spearman(np.array([1.0, 1.0]), np.array([1.0, 2.0])) == 0.0

    def test_are_taken_on_stories_that_nothing_learned_from(self) -> None:
        taught, held = (
            {(r["id"], r["text"]) for r in training_records(paths)} for paths in (LABELLED, HELD_BACK)
        )
        assert taught
        assert held
        assert not taught & held
