"""Runs the work of a command in a child process, which is watched, and started again where it hung."""

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
from api.cli.watchdog import LOOK_S, Pauses, Watch, show_stacks_on_signal
from api.pulse import AtWork, Pulse

Work = Callable[[Pulse, Sequence[AtWork]], None]

_LOOK_S: Final = 0.05
_CAN_FORK: Final = sys.platform == "linux"
_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


def supervise(work: Work, *, name: str, limit_s: float) -> int:
    """The exit code of the child, 128 and the signal's number for one that was killed by another.

    `work` is a function of a module. It is called in the child with what its forerunner had in hand when that was
    ended because its loop did not turn for `limit_s` (0: it is not watched). Signals to stop are handed on.
    """
    # a fork costs nothing; where forks are not safe, a new interpreter
    context = multiprocessing.get_context("fork") if _CAN_FORK else multiprocessing.get_context("spawn")
    pulse, pauses, stop = Pulse(), Pauses(), _Stop()
    lost: Sequence[AtWork] = ()
    while True:
        with _signals_held():
            if stop.asked:
                return 0
            child = context.Process(target=_work, args=(work, pulse, lost, os.getpid()), name=name)
            child.start()
            stop.hand_on_to(child)
        hung = _wait(child, Watch(pulse, limit_s=limit_s, name=name) if limit_s else None)
        if hung is None:
            code = child.exitcode or 0
            if code == -signal.SIGTERM and stop.asked:
                return 0  # it had not begun, so there was nothing to end
            return 128 - code if code < 0 else code
        lost = hung
        pulse.clear()
        until = time.monotonic() + pauses.next_s(time.monotonic())
        while not stop.asked and time.monotonic() < until:
            time.sleep(_LOOK_S)


class _Stop:
    """Whether this process was asked to stop; its child is asked too. Takes no lock, as handlers may not."""

    def __init__(self) -> None:
        self.asked = False
        self._child: BaseProcess | None = None
        for number in _SIGNALS:
            signal.signal(number, self._ask)

    def hand_on_to(self, child: BaseProcess) -> None:
        """From now on this is the child."""
        self._child = child

    def _ask(self, number: int, _frame: object) -> None:
        self.asked = True
        if self._child is not None and self._child.exitcode is None and self._child.pid is not None:
            with suppress(ProcessLookupError):
                os.kill(self._child.pid, number)


def _wait(child: BaseProcess, watch: Watch | None) -> list[AtWork] | None:
    """None once the child has ended by itself; what it had in hand if it was ended here."""
    assert child.pid is not None
    while True:
        child.join(LOOK_S)
        if child.exitcode is not None:
            return None
        if watch is not None and watch.is_hung(child.pid, time.monotonic()):
            in_hand = watch.end(child.pid)
            if in_hand is not None:
                child.join()
                return in_hand


@contextmanager
def _signals_held() -> Iterator[None]:
    """A signal that comes meanwhile is dealt with afterwards, so that none is lost between parent and child."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)


def _work(work: Work, pulse: Pulse, lost: Sequence[AtWork], parent: int) -> None:
    """In the child."""
    die_with_parent(parent)
    os.setpgid(0, 0)  # Ctrl-C is for the parent, which hands it on
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
    show_stacks_on_signal()
    work(pulse, lost)
