"""The command line as a process, without the settings of this one."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def environment(**variables: str) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("UNSPUN_")} | variables


def run(*arguments: str, given: bytes = b"", **variables: str) -> "subprocess.CompletedProcess[bytes]":
    """`unspun` with these arguments and settings; `given` is its standard input."""
    return subprocess.run(
        [sys.executable, "-m", "api.cli", *arguments],
        env=environment(**variables),
        input=given,
        capture_output=True,
        check=False,
        cwd=ROOT,
        timeout=240,
    )
