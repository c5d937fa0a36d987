"""`make test-mutations`: remove each defence in a copy of the project, and check that its tests fail.

Prints a line for each defence. Exit code 1 if one can be removed unnoticed, or its code has moved.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.mutations.defence import Defence
from tests.mutations.defences import DEFENCES

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = shutil.ignore_patterns(".git", ".venv*", ".unspun", "__pycache__", ".*_cache")
TESTS_FAILED = 1  # pytest's exit code: tests ran, and some failed
SECONDS = 600
# `make test-all`, as in the Makefile
ALL = next(
    line.removeprefix("ALL := ") for line in (ROOT / "Makefile").read_text().splitlines() if line[:3] == "ALL"
)


def main() -> int:
    """Try all defences, or those with the given numbers."""
    chosen = [int(number) for number in sys.argv[1:]] or range(1, len(DEFENCES) + 1)
    unnoticed = 0
    with tempfile.TemporaryDirectory(prefix="unspun-mutations-") as folder:
        copy = Path(folder) / "project"
        shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
        for number in chosen:
            defence = DEFENCES[number - 1]
            verdict = _without(copy, defence)
            unnoticed += verdict != "noticed"
            print(f"{number:2}  {verdict:<10}  {defence.name}", flush=True)
    print(f"{len(chosen) - unnoticed} of {len(chosen)} defences cannot be taken away unnoticed")
    return 1 if unnoticed else 0


def _without(copy: Path, defence: Defence) -> str:
    file = copy / defence.file
    whole = file.read_text(encoding="utf-8")
    if whole.count(defence.before) != 1:
        return "not found"
    file.write_text(whole.replace(defence.before, defence.after), encoding="utf-8")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-m", ALL, *defence.tests],
            cwd=copy,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "noticed"  # by tests that do not end
    finally:
        file.write_text(whole, encoding="utf-8")
    if done.returncode < 0:
        return "noticed"  # hostile code ended the run
    return {TESTS_FAILED: "noticed", 0: "UNNOTICED"}.get(done.returncode, "NO TEST RAN")


if __name__ == "__main__":
    sys.exit(main())
