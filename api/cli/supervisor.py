"""Runs a command's work in a child process, and restarts the child if it hangs."""

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.process import BaseProcess
from typing import Final

from api.cli.parent import die_with_parent
from api.cli.watchdog import POLL_S, RestartDelays, Watch, show_stacks_on_signal
from api.pulse import AtWork, Pulse

Work = Callable[[Pulse, Sequence[AtWork]], None]

_POLL_S: Final = 0.05
_CAN_FORK: Final = sys.platform == "linux"
_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


def supervise(work: Work, *, name: str, limit_s: float) -> int:
    """Return the child's exit code, or 128 plus the signal's number if another process killed it.

    `work` is a module-level function. After a hang, the new child receives the work that its predecessor had in
    progress. A child hangs if its event loop is blocked for `limit_s` (0: no limit). SIGTERM and SIGINT are
    forwarded.
    """
    # a fork is fast; spawn a new interpreter if forks are not safe
    context = multiprocessing.get_context("fork") if _CAN_FORK else multiprocessing.get_context("spawn")
    pulse, delays, stop = Pulse(), RestartDelays(), _Stop()
    lost: Sequence[AtWork] = ()
    while True:
        with _signals_blocked():
            if stop.requested:
                return 0
            child = context.Process(target=_run_child, args=(work, pulse, lost, os.getpid()), name=name)
            child.start()
            stop.forward_to(child)
        hung = _wait(child, Watch(pulse, limit_s=limit_s, name=name) if limit_s else None)
        if hung is None:
            code = child.exitcode or 0
            if code == -signal.SIGTERM and stop.requested:
                return 0  # the child had not started its work
            return 128 - code if code < 0 else code
        lost = hung
        pulse.clear()
        until = time.monotonic() + delays.next_s(time.monotonic())
        while not stop.requested and time.monotonic() < until:
            time.sleep(_POLL_S)


class _Stop:
    """Records a stop request and forwards it to the child. Lock-free, as signal handlers must be."""

    def __init__(self) -> None:
        self.requested = False
        self._child: BaseProcess | None = None
        for number in _SIGNALS:
            signal.signal(number, self._request)

    def forward_to(self, child: BaseProcess) -> None:
        self._child = child

    def _request(self, number: int, _frame: object) -> None:
        self.requested = True
        if self._child is not None and self._child.exitcode is None and self._child.pid is not None:
            with suppress(ProcessLookupError):
                os.kill(self._child.pid, number)


def _wait(child: BaseProcess, watch: Watch | None) -> list[AtWork] | None:
    """None if the child exits; its work in progress if it hung and was killed here."""
    assert child.pid is not None
    while True:
        child.join(POLL_S)
        if child.exitcode is not None:
            return None
        if watch is not None and watch.is_hung(child.pid, time.monotonic()):
            in_progress = watch.end(child.pid)
            if in_progress is not None:
                child.join()
                return in_progress


@contextmanager
def _signals_blocked() -> Iterator[None]:
    """Signals in the block are delivered after it, so that none is lost between parent and child."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)


def _run_child(work: Work, pulse: Pulse, lost: Sequence[AtWork], parent: int) -> None:
    die_with_parent(parent)
    os.setpgid(0, 0)  # the parent receives Ctrl-C and forwards it
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
    show_stacks_on_signal()
    work(pulse, lost)
