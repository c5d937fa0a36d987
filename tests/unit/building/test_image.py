"""Runs the image's steps by `deploy/prove_image.sh`. Uses pip's configured index."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
LIMIT_S = 1200  # two minutes on an idle machine, more beside a test suite

pytestmark = pytest.mark.slow


def test_is_built_by_its_steps_and_works_on_its_own(tmp_path: Path) -> None:
    variables = {
        name: value for name, value in os.environ.items() if not name.startswith(("UNSPUN_", "PYTHON"))
    }
    # `python3` is the Python of the tests, and all files are in a folder of this test
    variables |= {"PATH": f"{Path(sys.executable).parent}:{variables['PATH']}", "TMPDIR": str(tmp_path)}
    proof = subprocess.Popen(
        ["sh", ROOT / "deploy" / "prove_image.sh"],
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        said, _ = proof.communicate(timeout=LIMIT_S)
    finally:
        if proof.poll() is None:
            os.killpg(proof.pid, signal.SIGTERM)
            proof.wait()
    assert (proof.returncode, said.splitlines()[-1].startswith("proven:")) == (0, True), said[-4000:]
    assert list(tmp_path.iterdir()) == [], "the folder that stands for the image is left"
