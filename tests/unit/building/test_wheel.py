"""The wheel contains all that runs, without training, labelled stories and tests.

It is built from a copy of the tracked files, since old files in `build/` would ship too.
"""

import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).resolve().parents[3]
SOURCES = ("pyproject.toml", "README.md", "LICENSE", "api", "schemas", "seeds")
OFFLINE = ("--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check")
NEEDED = (
    "api/analysis/content/*.json",
    "api/analysis/prose/*.json",
    "api/analysis/models/*.json",
    "api/analysis/models/*.npz",
    "api/analysis/models/*.onnx",
    "api/analysis/models/*.txt",
    "api/analysis/people/gazetteer.json",
    "api/equal_digests.json",
    "api/guide/*.md",
    "api/rendering/html/templates/*.css",
    "api/rendering/html/templates/*.html",
    "api/routes/http/response/problems.json",
    "api/routes/openapi/openapi.json",
    "api/routes/site/docs.html",
    "api/storage/migrations/*.sql",
    "seeds/examples/*.json",
    "seeds/pages/*.html",
    "seeds/sources.json",
    "seeds/sources_invented.json",
    "seeds/stories/*.json",
    "seeds/taxonomy.json",
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def tracked() -> list[str]:
    """The tracked files that the Dockerfile builds from, including training."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", *SOURCES], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a checkout")
    return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]


@pytest.fixture(scope="module")
def shipped(tracked: list[str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files in the wheel, by name."""
    copy, into = tmp_path_factory.mktemp("sources"), tmp_path_factory.mktemp("wheel")
    for name in tracked:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy / name)
    command = [sys.executable, "-m", "pip", "wheel", *OFFLINE, "--quiet", "--wheel-dir", into, copy]
    built = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert built.returncode == 0, built.stderr
    (path,) = into.iterdir()
    with ZipFile(path) as wheel:
        return {name: wheel.read(name) for name in wheel.namelist()}


class TestTheWheel:
    def test_holds_no_training_no_labelled_stories_and_no_tests(self, shipped: dict[str, bytes]) -> None:
        assert [name for name in shipped if name.startswith(("api/training", "tests", "deploy"))] == []
        assert [name for name in shipped if name.endswith(".jsonl")] == []

    def test_holds_every_other_file_of_the_packages_as_it_is(
        self, tracked: list[str], shipped: dict[str, bytes]
    ) -> None:
        packages = {name for name in tracked if "/" in name and not name.startswith("api/training/")}
        assert {name for name in shipped if ".dist-info/" not in name} == packages
        assert [name for name in sorted(packages) if shipped[name] != (ROOT / name).read_bytes()] == []

    def test_holds_each_kind_of_data_that_a_service_reads(self, shipped: dict[str, bytes]) -> None:
        assert [kind for kind in NEEDED if not any(fnmatch(name, kind) for name in shipped)] == []

    def test_brings_the_command(self, shipped: dict[str, bytes]) -> None:
        (named,) = (text for name, text in shipped.items() if name.endswith(".dist-info/entry_points.txt"))
        assert b"unspun = api.cli:main" in named
