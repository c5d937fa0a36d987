"""Stops a child process when its parent ends, even if the parent is killed."""

import ctypes
import os
import signal
import sys
import threading
import time
from typing import Final

_POLL_S: Final = 0.5
_PR_SET_PDEATHSIG: Final = 1  # linux/prctl.h
_STOP_TIMEOUT_S: Final = 30.0  # above the shutdown time of API and worker


def leave_with_parent(parent: int) -> None:
    """Stop this process (SIGTERM) when its parent is no longer `parent`, and kill it if it does not stop.

    A thread polls the parent's id, which works on every Unix. Linux's parent-death signal depends on the thread
    that started the process.
    """
    threading.Thread(target=_watch, args=(parent,), daemon=True, name="parent").start()


def die_with_parent(parent: int) -> None:
    """Let the kernel kill this process when `parent`, whose main thread started it, ends.

    On other systems than Linux this is `leave_with_parent`.
    """
    if sys.platform != "linux":
        leave_with_parent(parent)
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # the parent ended before the call
        os._exit(1)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_POLL_S)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_STOP_TIMEOUT_S)
    os._exit(1)
