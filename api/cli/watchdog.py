"""Watches processes from outside: one whose event loop does not turn any more is ended, and told of in the log.

From outside, because a regular expression that does not end lets no thread of its own process run.
"""

import faulthandler
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import structlog

from api.pulse import AtWork, Pulse

log = structlog.get_logger(__name__)

LOOK_S: Final = 1.0
_MAX_STEP_S: Final = 2.0  # a look that comes later than this means that the watcher slept too
_DUMP_S: Final = 0.5  # the stacks take milliseconds to write
_STACKS: Final = signal.SIGUSR1
_PAUSES_S: Final = (1.0, 2.0, 4.0)
_FORGOTTEN_AFTER_S: Final = 300.0


def show_stacks_on_signal() -> None:
    """In a process that is watched: write the stacks of all threads to standard error when the watcher asks."""
    faulthandler.register(_STACKS, all_threads=True)


class Watch:
    """Of one process, from its start to its end."""

    def __init__(self, pulse: Pulse, *, limit_s: float, name: str) -> None:
        self._pulse, self._limit_s, self._name = pulse, limit_s, name
        self._beats = 0
        self._silent_s = 0.0
        self._looked_at: float | None = None

    def is_hung(self, pid: int, now: float) -> bool:
        """Whether the loop did not turn for the limit. To be asked every LOOK_S; `now` is a monotonic time.

        Nothing counts that the watcher did not see: a machine that slept, or a process that was stopped.
        """
        step = 0.0 if self._looked_at is None else min(now - self._looked_at, _MAX_STEP_S)
        self._looked_at = now
        beats = self._pulse.beats
        if beats == 0 or beats != self._beats or _is_stopped(pid):
            self._beats, self._silent_s = beats, 0.0
        else:
            self._silent_s += step
        return self._silent_s >= self._limit_s

    def end(self, pid: int) -> list[AtWork] | None:
        """Have the stacks written, log what the process had in hand, and kill it.

        What it had in hand; None for one that turned again meanwhile, which is left alone. `pid` must be a child
        that nobody has waited for.
        """
        in_hand = self._pulse.in_hand()
        os.kill(pid, _STACKS)
        time.sleep(_DUMP_S)
        try:
            log.error(
                "process_hung",
                process=self._name,
                pid=pid,
                silent_s=round(self._silent_s, 1),
                in_hand=[" ".join([item.kind, item.name, *map(str, item.numbers)]) for item in in_hand],
            )
        finally:  # also where the log cannot be written
            turned = self._pulse.beats != self._beats  # both hung in writing their logs, which go on now
            if not turned:
                os.kill(pid, signal.SIGKILL)
        return None if turned else in_hand


class Pauses:
    """How long to wait before a process that was ended is started again: 1, 2, 4 s, and from the beginning after
    five quiet minutes.
    """

    def __init__(self) -> None:
        self._count = 0
        self._last: float | None = None

    def next_s(self, now: float) -> float:
        """`now` is a monotonic time."""
        if self._last is not None and now - self._last > _FORGOTTEN_AFTER_S:
            self._count = 0
        pause = _PAUSES_S[min(self._count, len(_PAUSES_S) - 1)]
        self._count, self._last = self._count + 1, now
        return pause


def _is_stopped(pid: int) -> bool:
    """Whether the process was stopped by a signal or a debugger."""
    if sys.platform == "linux":
        try:
            status = Path(f"/proc/{pid}/stat").read_text(errors="replace")
        except OSError:  # it has ended
            return False
        # the name in parentheses may hold anything, so the state is looked for behind the last one
        return status.rpartition(")")[2].split()[0] in ("T", "t")
    asked = subprocess.run(  # noqa: S603  # our own command, a number as its argument
        ["/bin/ps", "-o", "state=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return asked.stdout.startswith("T")
