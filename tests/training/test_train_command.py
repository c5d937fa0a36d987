"""`python -m api.training` on some of our stories: equal labels give equal bytes.

Needs PyTorch, so only `make test-training` runs it, in some minutes.
"""

import json
import os
import subprocess
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
PYTHON: Final = ROOT / ".venv-train" / "bin" / "python"
BASE: Final = ROOT / ".venv-train" / "mpnet"
DATA: Final = ROOT / "api" / "training" / "data"
MARKS: Final = tuple(DATA / f"{name}sentence_marks.jsonl" for name in ("", "quiet_"))
READING: Final = ROOT / "tests" / "training" / "same_reading.py"
LABELS: Final = DATA / "labelled_stories.jsonl"
STORIES: Final = 48
WRITTEN: Final = frozenset(
    {
        "claim_weights.json",
        "encoder.onnx",
        "document_heads.npz",
        "encoder_heads.npz",
        "satire.json",
        "sentence_heads.npz",
        "term_weights.json",
        "weights.json",
        "wording.json",
        *(f"fast_{name}.json" for name in ("claims", "evidence", "terms", "weights")),
    }
)

pytestmark = pytest.mark.training


def labels(folder: Path) -> Path:
    """A sample of our labelled stories with all types; half of them marked as published."""
    records = [json.loads(line) for line in LABELS.read_text("utf-8").splitlines()]
    chosen = records[:: len(records) // STORIES][:STORIES]
    for record in chosen[::2]:
        record["origin"] = "published"
    path = folder / "labels.jsonl"
    path.write_text("".join(f"{json.dumps(record)}\n" for record in chosen), encoding="utf-8")
    return path


def trained(chosen: Path, into: Path, nets: Path | None = None) -> "subprocess.Popen[bytes]":
    """All profiles in turn, in a process."""
    into.mkdir()
    kept = f" --nets {nets}" if nets else ""
    each = [
        f"{PYTHON} -m api.training {chosen} --profile {profile} --processes 1 --into {into} --base {BASE}"
        + "".join(f" --marks {path}" for path in MARKS)
        + kept
        + (f" --satires {DATA / 'satires.jsonl'}" if profile == "satire" else "")
        for profile in ("satire", "full", "fast")
    ]
    variables = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(["/bin/sh", "-ec", "; ".join(each)], env=variables, cwd=into)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


class TestTheSameLabels:
    def test_give_the_same_bytes_twice_and_where_encoders_are_taken_up(self, tmp_path: Path) -> None:
        chosen = labels(tmp_path)
        folders = [tmp_path / name for name in ("once", "again")]
        nets = tmp_path / "nets"
        runs = [trained(chosen, folders[0], nets), trained(chosen, folders[1])]
        assert [run.wait() for run in runs] == [0, 0]
        once, again = (contents(folder) for folder in folders)
        assert set(once) == WRITTEN
        assert [name for name in once if once[name] != again[name]] == []
        taught = {net: net.stat().st_mtime_ns for net in nets.iterdir()}
        assert len(taught) == 3 + 4  # rounds of the base, the narrowed layers before the first; and nets
        assert trained(chosen, tmp_path / "taken_up", nets).wait() == 0
        assert contents(tmp_path / "taken_up") == once
        assert {net: net.stat().st_mtime_ns for net in nets.iterdir()} == taught
        for kept in taught:
            if not kept.name.endswith(("-0.pt", "-1.pt")):
                kept.unlink()  # a run that was stopped in the second round of the base
        assert trained(chosen, tmp_path / "gone_on", nets).wait() == 0
        assert contents(tmp_path / "gone_on") == once
        self.is_read_as_taught(nets, folders[0])

    def is_read_as_taught(self, nets: Path, written: Path) -> None:
        """The written encoder equals the net, apart from the rounding of its weights to integers."""
        command = [PYTHON, READING, BASE, nets, written]
        run = subprocess.run(
            command, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, check=True, timeout=300
        )
        result = json.loads(run.stdout)
        assert result["packed"] < 1e-3
        for apart in result["differences"].values():
            assert apart["sentences"] < 1.5
            assert apart["tokens"] < 1.5
            assert apart["shares"] < 0.05
