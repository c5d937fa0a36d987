"""A child process that does not outlive the one that started it, even when that one is killed."""

import os
import signal
import threading
import time
from typing import Final

_LOOK_S: Final = 0.5
_PATIENCE_S: Final = 30.0  # above the drain time of API and worker


def leave_with_parent(parent: int) -> None:
    """Ask this process to stop (SIGTERM) when its parent is no longer `parent`, and end it if it does not.

    A thread looks at the parent's number, which works on every Unix; Linux's parent-death signal would follow
    the thread that started us, not the process.
    """
    threading.Thread(target=_watch, args=(parent,), daemon=True, name="parent").start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_S)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_PATIENCE_S)
    os._exit(1)
