"""Refusals of the training command; `tests/training` covers its results."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.training.command import train

DATA = Path(__file__).resolve().parents[3] / "api" / "training" / "data"
LABELS = str(DATA / "labelled_stories.jsonl")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(train, arguments)


class TestTraining:
    def test_for_satire_asks_for_satires(self) -> None:
        result = run(LABELS, "--profile", "satire")
        assert (result.exit_code, "--satires" in result.output) == (2, True)

    def test_of_the_whole_engine_asks_for_a_base(self, tmp_path: Path) -> None:
        line = json.loads(Path(LABELS).read_text("utf-8").splitlines()[0]) | {"origin": "published"}
        labels = tmp_path / "labels.jsonl"
        labels.write_text(json.dumps(line), "utf-8")
        result = run(str(labels), "--into", str(tmp_path))
        assert (result.exit_code, "--base" in result.output) == (2, True)

    @pytest.mark.parametrize("profile", ["full", "fast"])
    def test_is_refused_where_no_story_was_published(self, profile: str, tmp_path: Path) -> None:
        result = run(LABELS, "--profile", profile, "--into", str(tmp_path))
        assert result.exit_code == 1
        assert "no published story" in result.output
        assert list(tmp_path.iterdir()) == []

    def test_for_satire_is_refused_where_all_texts_are_of_one_kind(self, tmp_path: Path) -> None:
        lines = (DATA / "satires.jsonl").read_text("utf-8").splitlines()
        sincere = tmp_path / "sincere.jsonl"
        sincere.write_text(next(line for line in lines if '"satire": false' in line), "utf-8")
        into = tmp_path / "into"
        into.mkdir()
        result = run(LABELS, "--profile", "satire", "--satires", str(sincere), "--into", str(into))
        assert (result.exit_code, list(into.iterdir())) == (1, [])
        assert "needs satires and texts that are none" in result.output
