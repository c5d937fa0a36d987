"""Tasks for page processes: harmless, failing, and attempts of hostile code to get out."""

import ctypes
import os
import pickle
import re
import resource
import signal
import socket
import time
from collections.abc import Callable

from api.errors import NotHtml

_ANSWERS = 4  # the descriptor for responses of a page process
_KEPT: list[bytearray] = []


def length(text: str) -> int:
    return len(text)


def pid() -> int:
    return os.getpid()


def count_for(seconds: float) -> int:
    rounds, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        rounds += 1
    return rounds


def burn(seconds: float) -> None:
    began = time.process_time()
    while time.process_time() - began < seconds:
        pass


def backtrack() -> None:
    """Hangs in native code, where no signal handler of Python runs."""
    re.match("(a+)+$", "a" * 60 + "b")


def wait(seconds: float) -> None:
    time.sleep(seconds)


def refuse(text: str) -> None:
    raise NotHtml(text)


def misread(text: str) -> int:
    return int(text)


def stumble() -> None:
    raise KeyError("unforeseen")


def lie() -> int:
    return "no number"  # type: ignore[return-value]  # that is the lie


def take(size: int) -> None:
    bytearray(size)


def grow() -> int:
    held = []
    while True:
        held.append(bytearray(1_000_000))


def keep(size: int) -> None:
    _KEPT.append(bytearray(size))


def abort() -> None:
    os.abort()


def crash_natively() -> None:
    ctypes.string_at(0)


def core_limit() -> tuple[int, int]:
    return resource.getrlimit(resource.RLIMIT_CORE)


def die_while_answering() -> None:
    """Write the beginning of a long response to the pipe and die."""
    os.write(_ANSWERS, (1_000_000).to_bytes(4) + b"half of it")
    os.kill(os.getpid(), signal.SIGKILL)


def claim_four_gigabytes() -> None:
    os.write(_ANSWERS, b"\xff\xff\xff\xff" + b"x" * 1_000)
    time.sleep(60)


class _Hostile:
    def __init__(self, path: str) -> None:
        self._path = path

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str, str]]:
        return open, (self._path, "w")


def answer_a_pickle(path: str) -> None:
    """Respond with a pickle that creates a file."""
    evil = pickle.dumps(_Hostile(path))
    os.write(_ANSWERS, len(evil).to_bytes(4) + evil)


def environment() -> dict[str, str]:
    return dict(os.environ)


def descriptors() -> list[int]:
    found = []
    for descriptor in range(1_024):
        try:
            os.fstat(descriptor)
        except OSError:
            continue
        found.append(descriptor)
    return found


def parent() -> int:
    return os.getppid()


def try_all(worker: int, sibling: int, server: int, port: int, secret: str) -> dict[str, str]:
    """The result of each attempt to get out: the name of an error, or `done`."""
    libc = ctypes.CDLL(None, use_errno=True)

    def native(answer: int) -> None:
        if answer < 0:
            raise OSError(ctypes.get_errno(), "refused")

    def pick(process: int, what: str) -> Callable[[], object]:
        return lambda: os.open(f"/proc/{process}/{what}", os.O_RDONLY)

    attempts: dict[str, Callable[[], object]] = {
        "read a file": lambda: os.open(secret, os.O_RDONLY),
        "write a file": lambda: os.open(secret, os.O_WRONLY),
        "make a file": lambda: os.open(f"{secret}.new", os.O_WRONLY | os.O_CREAT),
        "remove a file": lambda: os.unlink(secret),
        "list a folder": lambda: os.listdir("/"),
        "connect by TCP": lambda: socket.create_connection(("127.0.0.1", port), 1),
        "send by UDP": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
        "ask a unix socket": lambda: socket.socket(socket.AF_UNIX),
        "fork": os.fork,
        "run a program": lambda: os.execv("/bin/true", ["true"]),
        "spawn a program": lambda: os.posix_spawn("/bin/true", ["true"], {}),
        "start a thread": lambda: _thread_started(),
        "trace the worker": lambda: native(libc.ptrace(16, worker, 0, 0)),
        "end the worker": lambda: os.kill(worker, signal.SIGTERM),
        "end a sibling": lambda: os.kill(sibling, signal.SIGKILL),
        "stop all": lambda: os.kill(-1, signal.SIGCONT),
        "limit the worker": lambda: resource.prlimit(worker, resource.RLIMIT_CPU, (1, 1)),
        "own the file": lambda: os.chown(secret, 0, 0),
        "keep memory beside": lambda: native(libc.memfd_create(b"x", 0)),
        "see kernel events": lambda: native(libc.syscall(425, 1, 0)),  # io_uring_setup
    }
    for name, process in (("worker", worker), ("sibling", sibling), ("server", server)):
        for what in ("environ", "mem", "maps", "fd/0", "cmdline"):
            attempts[f"read {what} of the {name}"] = pick(process, what)
    ends = {}
    for name, attempt in attempts.items():
        try:
            attempt()
            ends[name] = "done"
        except Exception as error:
            ends[name] = type(error).__name__
    return ends


def _thread_started() -> None:
    import _thread

    _thread.start_new_thread(lambda: None, ())
