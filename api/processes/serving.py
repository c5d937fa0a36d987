"""The fork server's program: `python -m api.processes.serving MODULE[:FUNCTION[:ARGUMENT]] ...`.

Its standard input is its socket. It imports the modules, calls the functions, then forks a process for each
request. It reads no untrusted input and has one thread, so forking is safe. It and its processes end with its
owner.
"""

import gc
import importlib
import os
import pickle
import resource
import signal
import socket
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from math import ceil
from pathlib import Path
from typing import Any, BinaryIO

from api.processes.answers import LENGTH_BYTES, TAKEN, done, failed
from api.processes.confinement import confine, die_with_parent
from api.processes.forking import FORK, REPLY, REQUEST

_TASKS, _ANSWERS = 3, 4  # descriptors of a page process, after the standard ones


def main(preload: list[str]) -> None:
    """Serve until the owner closes the socket."""
    # signals reach the whole process group; the owner decides when its processes end
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    # ONNX Runtime starts an idle thread on import; Python 3.12 and later warn about it
    warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
    # what is loaded stays: no search for garbage in it, even if a library that loads turns searching on again
    thresholds = gc.get_threshold()
    gc.set_threshold(0)
    for entry in preload:
        name, *function = entry.split(":", 2)
        module = importlib.import_module(name)
        if function:
            getattr(module, function[0])(*function[1:])
    gc.freeze()  # else the first full collection of each page process copies 40 MB of shared memory
    gc.set_threshold(*thresholds)
    with socket.socket(fileno=os.dup(0)) as owner:
        _point_to_nothing()
        while True:
            message, descriptors, _, _ = socket.recv_fds(owner, REQUEST.size, 2)
            if len(message) < REQUEST.size:
                return
            what, number = REQUEST.unpack(message)
            try:
                answer = _fork(owner, number, descriptors) if what == FORK else _end(number)
            except OSError as error:
                answer = -(error.errno or 1)
            owner.sendall(REPLY.pack(answer))


def _point_to_nothing() -> None:
    """Redirect the standard descriptors to /dev/null, so that library output cannot mix with answers."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(nothing, standard)
    os.close(nothing)


def _end(pid: int) -> int:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    return os.waitpid(pid, 0)[1]


def _fork(owner: socket.socket, memory_mb: int, descriptors: list[int]) -> int:
    server = os.getpid()
    try:
        pid = os.fork()
    finally:
        if os.getpid() == server:
            for descriptor in descriptors:
                os.close(descriptor)
    if pid:
        return pid
    try:
        owner.close()
        _be_page_process(server, memory_mb, *descriptors)
    finally:
        os._exit(1)


def _be_page_process(server: int, memory_mb: int, tasks: int, answers: int) -> None:
    """Run tasks as a page process. Never returns."""
    die_with_parent(signal.SIGKILL)
    if os.getppid() != server:  # the server died before the call above
        os._exit(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 2)  # a page must not write into the worker's log
    # via high numbers, so that neither overwrites the other
    high = [os.dup2(descriptor, 10 + at) for at, descriptor in enumerate((tasks, answers))]
    for descriptor, wanted in zip(high, (_TASKS, _ANSWERS), strict=True):
        os.dup2(descriptor, wanted)
    os.closerange(_ANSWERS + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    if sys.platform == "linux":
        with suppress(OSError):  # if memory runs out, this process is killed before the worker
            Path("/proc/self/oom_score_adj").write_text("900")
    confine(memory_mb)
    with os.fdopen(_TASKS, "rb") as asked, os.fdopen(_ANSWERS, "wb") as said:
        while call := _next(asked):
            said.write(TAKEN)
            said.flush()
            answer = _answer(call)
            said.write(len(answer).to_bytes(LENGTH_BYTES) + answer)
            said.flush()
            del call, answer
    os._exit(0)


def _next(asked: BinaryIO) -> bytes:
    """The next call; empty once the worker has closed the pipe."""
    head = asked.read(LENGTH_BYTES)
    return asked.read(int.from_bytes(head)) if len(head) == LENGTH_BYTES else b""


def _answer(call: bytes) -> bytes:
    try:
        cpu_s, task, arguments, named = pickle.loads(call)  # noqa: S301  # the worker wrote it
    except Exception as error:  # the error names the module that was not preloaded
        return failed(error)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    # RLIMIT_CPU counts whole seconds over the process's life; beyond it the kernel sends SIGXCPU
    limit = ceil(_cpu_used_s() + cpu_s)
    soft = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))
    try:
        return _told(task, arguments, named)
    finally:
        resource.setrlimit(resource.RLIMIT_CPU, (hard, hard))


def _told(task: Callable[..., Any], arguments: tuple[Any, ...], named: dict[str, Any]) -> bytes:
    try:
        return done(task(*arguments, **named))
    except Exception as error:
        return failed(error)


def _cpu_used_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main(sys.argv[1:])
    os._exit(0)  # the system frees memory at once; freeing each object takes a sixth of a second
