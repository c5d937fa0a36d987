"""Measures the CPU of code in a child that is killed if it does not end."""

import resource
import subprocess
import sys
from typing import Final

KILLED_AFTER_S: Final = 5  # of CPU


def cpu_seconds(setup: str, code: str) -> float:
    """CPU of `code` alone, run after `setup`; infinite if the child was killed."""
    clock = "from time import process_time; began = process_time()"
    done = subprocess.run(
        [sys.executable, "-c", "\n".join((setup, clock, code, "print(process_time() - began)"))],
        stdout=subprocess.PIPE,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (KILLED_AFTER_S, resource.RLIM_INFINITY)),
    )
    return float(done.stdout) if done.stdout else float("inf")
