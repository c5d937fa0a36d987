"""Server child processes: free ports, stopping, and the end with the parent."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Final

from api.embedded.folder import Account

_PR_SET_PDEATHSIG: Final = 1  # prctl(2), Linux


def free_port() -> int:
    """A free TCP port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def spawn(
    command: Sequence[str | Path], *, log: Path, account: Account | None, stdin: IO[bytes] | None = None
) -> subprocess.Popen[bytes]:
    """Start a server that receives SIGINT when this process dies, even by SIGKILL (Linux).

    Call it from a single-threaded process: the signal depends on the thread that starts the server.
    """
    with log.open("ab") as output:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=stdin or subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={"LC_ALL": "C.UTF-8", "TZ": "UTC"},  # no PGOPTIONS or similar from outside
            start_new_session=True,
            preexec_fn=_end_with_parent(),  # one thread, see above
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )


def stop(process: subprocess.Popen[bytes], signals: Sequence[signal.Signals], timeout_s: float) -> None:
    """Send each signal in turn, wait `timeout_s` after each, then SIGKILL."""
    for number in signals:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout_s)
            return
    process.kill()
    process.wait()


def _end_with_parent() -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def set_signal() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGINT.value, 0, 0, 0)
        if os.getppid() != parent:  # the parent died before the call
            os._exit(1)

    return set_signal
