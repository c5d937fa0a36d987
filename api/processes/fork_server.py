"""A fork server as its owner sees it: it makes processes that share what it has loaded, and ends them."""

import atexit
import os
import socket
import struct
import subprocess
import sys
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from api.settings import environment

# All that a fork server and its processes get of the environment: no setting of ours, whose values are secrets.
_PASSED_ON: Final = (
    "HOME", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONHASHSEED",
    "TMPDIR", "TZ",
)  # fmt: skip
FORK, END = b"F", b"E"
REQUEST: Final = struct.Struct("!cq")  # what, and the memory in MB or the process's number
REPLY: Final = struct.Struct("!q")  # the process's number or its exit status; an error's number, negative


@dataclass(frozen=True)
class Forked:
    """A process: what is written to `tasks` it reads, what it writes comes from `answers`."""

    pid: int
    tasks: int
    answers: int


class ForkServer:
    """One interpreter that has imported `preload`. All methods may be called from any thread, and block."""

    def __init__(self, preload: tuple[str, ...]) -> None:
        self._preload = preload
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None

    def start(self) -> None:
        """Begin to load what it loads, beside whatever the caller does next. Raises OSError."""
        with self._turn:
            self._connection(start=True)

    def fork(self, memory_mb: int) -> Forked:
        """A new process. Takes as long as the preload where the server has to be started.

        Raises OSError where it cannot be made.
        """
        theirs_read, tasks = os.pipe()
        try:
            answers, theirs_write = os.pipe()
        except OSError:
            os.close(theirs_read)
            os.close(tasks)
            raise
        try:
            pid = self._ask(FORK, memory_mb, (theirs_read, theirs_write))
        except BaseException:
            os.close(tasks)
            os.close(answers)
            raise
        finally:
            os.close(theirs_read)
            os.close(theirs_write)
        os.set_blocking(tasks, False)
        os.set_blocking(answers, False)
        return Forked(pid, tasks, answers)

    def end(self, forked: Forked) -> int:
        """Kill a process where it still runs; its exit code, negative for the signal that ended it.

        -9 also where the server died, and the process with it.
        """
        os.close(forked.tasks)
        os.close(forked.answers)
        try:
            return os.waitstatus_to_exitcode(self._ask(END, forked.pid, (), start=False))
        except OSError:
            return -9

    def stop(self) -> None:
        """End the server and all its processes. It starts again when it is asked for one."""
        with self._turn:
            self._stop()

    def _ask(self, what: bytes, number: int, descriptors: tuple[int, ...], *, start: bool = True) -> int:
        with self._turn:
            for attempt in (1, 2):
                connection = self._connection(start=start)
                try:
                    message = REQUEST.pack(what, number)
                    if descriptors:
                        socket.send_fds(connection, [message], descriptors)
                    else:
                        connection.sendall(message)
                    reply = connection.recv(REPLY.size, socket.MSG_WAITALL)
                except OSError:
                    reply = b""
                if len(reply) == REPLY.size:
                    break
                self._stop()  # it died, and its processes with it
                if attempt == 2 or not start:
                    raise ConnectionResetError("the fork server died")
        (answer,) = REPLY.unpack(reply)
        if answer < 0:
            raise OSError(-answer, os.strerror(-answer))
        return int(answer)

    def _connection(self, *, start: bool) -> socket.socket:
        if self._socket is None:
            if not start:
                raise ConnectionResetError("the fork server died")
            ours, theirs = socket.socketpair()
            with theirs:
                # it ends with the other end of its socket, which is its standard input
                self._process = subprocess.Popen(  # noqa: S603  # our own interpreter, modules by our own names
                    [sys.executable, "-P", "-m", "api.processes.serving", *self._preload],
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    env=_passed_on(),
                )
            self._socket = ours
        return self._socket

    def _stop(self) -> None:
        if self._socket is not None:
            self._socket.close()
        if self._process is not None:
            self._process.wait()
        self._socket = self._process = None


def _passed_on() -> dict[str, str]:
    given = environment()
    # the folder above `api` makes the module importable where the project itself is not installed
    paths = [str(Path(__file__).parents[2]), *filter(None, [given.get("PYTHONPATH")])]
    return {name: given[name] for name in _PASSED_ON if name in given} | {
        "PYTHONPATH": os.pathsep.join(paths),
        # a fork copies one thread alone, and locks that others hold: numpy shall start none when it is imported
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }


@cache
def fork_server(preload: tuple[str, ...]) -> ForkServer:
    """The one of this process that has imported these modules; it starts when it is first asked."""
    server = ForkServer(preload)
    atexit.register(server.stop)
    return server
