"""`make weights` on a new detector, in a copy of the package with fewer stories."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from api.analysis.framing.unfitted import unfitted
from api.analysis.models.weights import weights
from api.engines import ENGINES
from api.pages.reader import engine
from api.runtime.load_taxonomy import load_taxonomy
from api.training.one_detector import FILES, HELD_BACK, LABELLED
from tests.kit.texts.articles import article
from tests.kit.texts.framed_texts import HYPE

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(unfitted(weights()) != [], reason="a detector here is without weights"),
]

ROOT = Path(__file__).resolve().parents[3]
EVERY = 40  # one of this many stories remains
SPOKEN = '''"""Promises in the first person. Source: invented for a test."""

from api.analysis.framing.detector import Detector
from api.analysis.framing.patterns import lexical
from api.analysis.text.lexicon import Lexicon, phrases
from schemas.enums import SpinType

DETECTOR = Detector(
    code="spoken_promise",
    type=SpinType.HYPE,
    tactic="innovation_framing",
    label="Spoken promise",
    explanation="“{words}” promises.",
    finds=("We will win.", "We believe in it."),
    passes=("They won.", "It rained."),
    find=lexical(Lexicon(phrases("WORDS"))),
)
'''
ASSESSING = """
import sys, msgspec
from api.analysis.text.article import Article
from api.runtime.load_taxonomy import load_taxonomy
from api.engines import ENGINES
from api.pages.reader import engine
record = msgspec.json.decode(sys.stdin.buffer.read(), type=Article)
for one in ENGINES:
    said = engine(one.load).assess(record, load_taxonomy())
    said = msgspec.structs.replace(said, engine=msgspec.structs.replace(said.engine, digest=""))
    sys.stdout.buffer.write(msgspec.json.encode(said))
"""


def copied(folder: Path, words: str) -> Path:
    """A copy of the package with a detector for these words, and few stories."""
    for name in ("api", "schemas", "seeds", "tests/benchmarks/data"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for original in (*LABELLED, *HELD_BACK):
        path = folder / original.relative_to(ROOT)
        path.write_text("".join(path.read_text("utf-8").splitlines(keepends=True)[::EVERY]), "utf-8")
    place = folder / "api" / "analysis" / "framing" / "detectors" / "spoken_promise.py"
    place.write_text(SPOKEN.replace("WORDS", words), "utf-8")
    return folder


def run(folder: Path, *arguments: str, given: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    variables = os.environ | {"PYTHONPATH": str(folder), "PYTHONSAFEPATH": ""}
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=variables, input=given, capture_output=True, check=False
    )


def command(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
    return run(folder, "-m", "api.training.one_detector", "--only", "spoken_promise", *arguments)


def files_of(folder: Path) -> dict[str, bytes]:
    return {name: (folder / "api" / "analysis" / "models" / name).read_bytes() for name in FILES.values()}


def test_a_detector_that_finds_nothing_stays_without_weights(tmp_path: Path) -> None:
    folder = copied(tmp_path, "qwertz uiop")
    before = files_of(folder)
    ended = command(folder)
    assert ended.returncode == 1
    assert b"spoken_promise finds nothing in" in ended.stderr
    assert files_of(folder) == before


def test_a_new_detector_counts_once_it_is_fitted(tmp_path: Path) -> None:
    folder = copied(tmp_path, "we will; we believe; we are; we have; our")
    record, taxonomy = article(HYPE[1], HYPE[0]), load_taxonomy()

    def assessed() -> bytes:
        ended = run(folder, "-c", ASSESSING, given=msgspec.json.encode(record))
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    unchanged = b""
    for one in ENGINES:
        said = engine(one.load).assess(record, taxonomy)
        bare = msgspec.structs.replace(said.engine, digest="")
        unchanged += msgspec.json.encode(msgspec.structs.replace(said, engine=bare))
    assert assessed() == unchanged, "without weights it changes nothing"

    before = files_of(folder)
    tried = command(folder, "--dry-run")
    assert tried.returncode == 0, tried.stderr
    assert files_of(folder) == before
    ended = command(folder)
    assert ended.returncode == 0, ended.stderr
    after = files_of(folder)
    for name, content in after.items():
        new = content.splitlines()
        assert [line for line in new if b'"spoken_promise": ' not in line] == before[name].splitlines()
        assert len(new) > len(before[name].splitlines())
        assert f"Wrote {name}." in ended.stdout.decode()
    assert b"held back: finds something in" in ended.stdout
    assert assessed() != unchanged

    refused = command(folder)
    assert refused.returncode == 1
    assert b"`--again`" in refused.stderr
    again = command(folder, "--again", "--processes", "1")
    assert again.returncode == 0, again.stderr
    assert b"Wrote" not in again.stdout
    assert files_of(folder) == after
