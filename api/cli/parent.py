"""A child process that does not outlive the one that started it, even when that one is killed."""

import ctypes
import os
import signal
import sys
import threading
import time
from typing import Final

_LOOK_S: Final = 0.5
_PR_SET_PDEATHSIG: Final = 1  # linux/prctl.h
_PATIENCE_S: Final = 30.0  # above the drain time of API and worker


def leave_with_parent(parent: int) -> None:
    """Ask this process to stop (SIGTERM) when its parent is no longer `parent`, and end it if it does not.

    A thread looks at the parent's number, which works on every Unix; Linux's parent-death signal would follow
    the thread that started us, not the process.
    """
    threading.Thread(target=_watch, args=(parent,), daemon=True, name="parent").start()


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when `parent`, whose main thread started it, is gone.

    Systems other than Linux have nothing like it: there this is `leave_with_parent`.
    """
    if sys.platform != "linux":
        leave_with_parent(parent)
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it went before we asked
        os._exit(1)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_S)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_PATIENCE_S)
    os._exit(1)
