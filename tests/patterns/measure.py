"""Measures the cost of patterns, in a child that is killed if one does not end."""

import pickle
import re
import resource
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.patterns.inputs import hostile_texts

KILLED_AFTER_S = 5  # of CPU


@dataclass(frozen=True)
class Trial:
    """One pattern, a method of it, and the length of its input."""

    key: str
    pattern: re.Pattern[Any]
    method: str
    length: int


def cpu_seconds(trials: Sequence[Trial]) -> dict[tuple[str, str], float]:
    """CPU of the worst text for each (key, method); infinite if the child was killed."""
    costs: dict[tuple[str, str], float] = {}
    left = list(trials)
    while left:
        done = subprocess.run(
            [sys.executable, "-m", "tests.patterns.measure"],
            input=pickle.dumps(left),
            stdout=subprocess.PIPE,
            check=False,
        )
        found = [float(line) for line in done.stdout.split()]
        costs |= {(trial.key, trial.method): cost for trial, cost in zip(left, found, strict=False)}
        left = left[len(found) :]
        if left:  # the next trial took the child with it
            costs[left[0].key, left[0].method] = float("inf")
            left = left[1:]
    return costs


def _main() -> None:
    for trial in pickle.load(sys.stdin.buffer):  # from the parent process
        print(max(_cost(trial, text) for text in hostile_texts(trial.pattern, trial.length)), flush=True)


def _cost(trial: Trial, text: str) -> float:
    began = _cpu()
    limit = int(began) + 1 + KILLED_AFTER_S  # of this text
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
    given: str | bytes = text if isinstance(trial.pattern.pattern, str) else text.encode("utf-8")
    match trial.method:
        case "sub" | "subn":
            trial.pattern.sub(type(given)(), given)
        case "finditer":
            for _ in trial.pattern.finditer(given):
                pass
        case method:
            getattr(trial.pattern, method)(given)
    return _cpu() - began


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    _main()
