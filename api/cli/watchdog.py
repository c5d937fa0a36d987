"""Kills processes whose event loop is blocked, and logs them.

It runs in another process, because an endless regular expression blocks all threads of its own.
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

POLL_S: Final = 1.0
_MAX_STEP_S: Final = 2.0  # after a longer step, the watcher itself was suspended
_DUMP_S: Final = 0.5  # writing the stacks takes milliseconds
_STACKS_SIGNAL: Final = signal.SIGUSR1
_DELAYS_S: Final = (1.0, 2.0, 4.0)
_RESET_AFTER_S: Final = 300.0


def show_stacks_on_signal() -> None:
    """In a watched process: write all threads' stacks to standard error on the watcher's signal."""
    faulthandler.register(_STACKS_SIGNAL, all_threads=True)


class Watch:
    """Watches one process."""

    def __init__(self, pulse: Pulse, *, limit_s: float, name: str) -> None:
        self._pulse, self._limit_s, self._name = pulse, limit_s, name
        self._beats = 0
        self._silent_s = 0.0
        self._checked_at: float | None = None

    def is_hung(self, pid: int, now: float) -> bool:
        """Whether the loop was blocked for the limit. Call it every POLL_S; `now` is a monotonic time.

        Time in which the machine slept or the process was stopped does not count.
        """
        step = 0.0 if self._checked_at is None else min(now - self._checked_at, _MAX_STEP_S)
        self._checked_at = now
        beats = self._pulse.beats
        if beats == 0 or beats != self._beats or _is_stopped(pid):
            self._beats, self._silent_s = beats, 0.0
        else:
            self._silent_s += step
        return self._silent_s >= self._limit_s

    def end(self, pid: int) -> list[AtWork] | None:
        """Dump the stacks, log the work in progress, and kill the process.

        Returns the work in progress, or None if the loop has continued and the process was left running. `pid`
        must be a child that has not been waited for.
        """
        in_progress = self._pulse.in_hand()
        os.kill(pid, _STACKS_SIGNAL)
        time.sleep(_DUMP_S)
        try:
            log.error(
                "process_hung",
                process=self._name,
                pid=pid,
                silent_s=round(self._silent_s, 1),
                in_hand=[" ".join([item.kind, item.name, *map(str, item.numbers)]) for item in in_progress],
            )
        finally:  # also if the log cannot be written
            continued = (
                self._pulse.beats != self._beats
            )  # a process that was blocked by the log may have continued
            if not continued:
                os.kill(pid, signal.SIGKILL)
        return None if continued else in_progress


class RestartDelays:
    """Delays before restarts of a killed process: 1, 2, 4 s, and from the start after five quiet minutes."""

    def __init__(self) -> None:
        self._count = 0
        self._last: float | None = None

    def next_s(self, now: float) -> float:
        """The next delay; `now` is a monotonic time."""
        if self._last is not None and now - self._last > _RESET_AFTER_S:
            self._count = 0
        delay = _DELAYS_S[min(self._count, len(_DELAYS_S) - 1)]
        self._count, self._last = self._count + 1, now
        return delay


def _is_stopped(pid: int) -> bool:
    """Whether the process was stopped by a signal or a debugger."""
    if sys.platform == "linux":
        try:
            status = Path(f"/proc/{pid}/stat").read_text(errors="replace")
        except OSError:  # the process has ended
            return False
        # the state follows the last parenthesis: the name may contain any character
        return status.rpartition(")")[2].split()[0] in ("T", "t")
    result = subprocess.run(  # noqa: S603  # our own command, a number as its argument
        ["/bin/ps", "-o", "state=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return result.stdout.startswith("T")
