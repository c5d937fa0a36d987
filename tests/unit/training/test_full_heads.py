"""Refusals of `python -m api.training.full_heads`, and which stories it takes."""

from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from api.training.full_heads import _chosen, train_heads
from schemas.enums import SpinType


def run(*arguments: str) -> Result:
    return CliRunner().invoke(train_heads, arguments)


def labels(folder: Path, **changes: object) -> str:
    record = {"id": "p1", "origin": "published", "primary": "hype", "text": "T"} | changes
    path = folder / "labels.jsonl"
    path.write_bytes(msgspec.json.encode(record) + b"\n")
    return str(path)


class TestTheCommand:
    def test_asks_for_labels(self) -> None:
        assert run().exit_code == 2

    @pytest.mark.parametrize("origin", [None, "", "own", "Published"])
    def test_is_refused_for_records_without_a_known_origin(self, origin: str | None, tmp_path: Path) -> None:
        into = tmp_path / "into"
        into.mkdir()
        result = run(labels(tmp_path, origin=origin), "--into", str(into), "--cache", str(tmp_path / "cache"))
        assert result.exit_code == 1
        assert "p1: origin is" in result.output
        assert list(into.iterdir()) == []
        assert not (tmp_path / "cache").exists()

    def test_is_refused_for_files_that_are_not_there(self, tmp_path: Path) -> None:
        result = run(str(tmp_path / "none.jsonl"))
        assert (result.exit_code, "does not exist" in result.output) == (2, True)


class TestChosen:
    RECORDS = tuple(
        {"id": f"s{n:03}", "primary": kind, "origin": origin}
        for n, (kind, origin) in enumerate(
            [
                *[(SpinType.HYPE, "published")] * 5,
                *[(SpinType.HYPE, "written")] * 20,
                *[(SpinType.FOG, "written"), (SpinType.SHIELD, "written")] * 3,
            ]
        )
    )

    def test_are_all_published_stories_and_the_rare_types_first(self) -> None:
        found = _chosen(self.RECORDS, 8)
        assert [r["id"] for r in found if r["origin"] == "published"] == [f"s{n:03}" for n in range(5)]
        written = [r["primary"] for r in found if r["origin"] == "written"]
        assert (len(written), written.count(SpinType.HYPE)) == (8, 2)

    def test_are_no_others_than_a_larger_choice_has(self) -> None:
        few, more = ({r["id"] for r in _chosen(self.RECORDS, number)} for number in (8, 15))
        assert few < more

    def test_do_not_depend_on_the_order_of_the_records(self) -> None:
        assert _chosen(self.RECORDS, 8) == _chosen(self.RECORDS[::-1], 8)
