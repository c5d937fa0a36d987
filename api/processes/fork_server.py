"""The client of a fork server, which starts and ends processes that share its loaded modules."""

import atexit
import os
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from api.processes.forking import END, FORK, REPLY, REQUEST
from api.settings import environment

# Environment variables passed on: none of our settings, whose values are secrets.
_PASSED_ON: Final = (
    "HOME", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONHASHSEED",
    "TMPDIR", "TZ",
)  # fmt: skip


@dataclass(frozen=True)
class Forked:
    """A process with the ends of its pipes: `tasks` to write, `answers` to read."""

    pid: int
    tasks: int
    answers: int


class ForkServer:
    """One interpreter that has imported `preload`. All methods are thread-safe, and block."""

    def __init__(self, preload: tuple[str, ...]) -> None:
        self._preload = preload
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None

    def start(self) -> None:
        """Begin loading modules in the background. Raises OSError."""
        with self._turn:
            self._connection(start=True)

    def fork(self, memory_mb: int) -> Forked:
        """A new process. If the server must be started, this takes as long as the preload.

        Raises OSError.
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
        """Kill a process if it still runs; returns its exit code, negative for a signal.

        -9 also if the server died, and the process with it.
        """
        os.close(forked.tasks)
        os.close(forked.answers)
        try:
            return os.waitstatus_to_exitcode(self._ask(END, forked.pid, (), start=False))
        except OSError:
            return -9

    def stop(self) -> None:
        """End the server and all its processes. It restarts on demand."""
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
                # it ends when this end of its standard input closes
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
    # makes `api` importable if the project is not installed
    paths = [str(Path(__file__).parents[2]), *filter(None, [given.get("PYTHONPATH")])]
    return {name: given[name] for name in _PASSED_ON if name in given} | {
        "PYTHONPATH": os.pathsep.join(paths),
        # a fork copies one thread and may copy locked locks: numpy must start no threads
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }


@cache
def fork_server(preload: tuple[str, ...]) -> ForkServer:
    """This process's shared server for these modules; it starts on demand."""
    server = ForkServer(preload)
    atexit.register(server.stop)
    return server
