"""The HTTP server of `unspun api`, and how it stops.

SIGTERM: /readyz says 503 at once and answers close their connections, while new requests are still taken for the
time that a balancer needs to notice; then nothing is accepted any more, and what is at work gets 20 s to end. A
second signal skips the notice.

ASGI, not Granian's own interface. RSGI would save a hot answer 5 µs of 31: one call instead of two messages,
and headers are read only if wanted. But it queues the parts of a streamed answer without bound, so that one
slow reader of a long list would fill the memory, and it drops headers that are not ASCII. Instead the door's
own work for a cached answer is held to 4 µs: everything that can be shared is made once, the clock is read once
a millisecond, ids are made by the dozen, log lines are written in batches.

HTTP/1 alone, because in its mode for both versions Granian waits without end for the first byte. Its
`backpressure` bounds connections, idle ones too: with the default of 1,024, a thousand silent clients keep all
others out. So `max_connections` is far above the number of requests that may be at work.
"""

import ctypes
import gc
import multiprocessing
import os
import resource
import signal
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final

import structlog
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

from api import logs
from api.cli.parent import leave_with_parent
from api.cli.watchdog import LOOK_S, Pauses, Watch, show_stacks_on_signal
from api.pulse import Pulse
from api.settings import Settings
from api.settings.production import proxy_warning

log = structlog.get_logger(__name__)

_DRAIN_S: Final = 20
_NO_MORE: Final = signal.SIGUSR2
_LAST_REQUESTS_S: Final = 0.3  # for what was accepted to be read, and once more while something is not
_MAX_LOOKS: Final = 10
_ESTABLISHED: Final = "01"
_SO_ATTACH_FILTER: Final = 26  # socket(7): a program of one instruction, which lets no byte of any packet in
_BPF_RET: Final = 0x06
_OTHER_FILES: Final = 256  # beside connections of clients: the pool's, Valkey's, what is imported


class _Leaving:
    """One byte that the server's processes share: whether the service was asked to stop."""

    def __init__(self) -> None:
        self._asked = multiprocessing.RawValue("b", 0)

    def __call__(self) -> bool:
        return bool(self._asked.value)

    def begin(self) -> None:
        self._asked.value = 1


class _Server(Server):  # type: ignore[misc, valid-type]  # granian chooses its class when it is imported
    """Granian, which leaves after a notice."""

    def __init__(
        self,
        *arguments: Any,
        begin_leaving: Callable[[], None],
        notice_s: float,
        limit_s: float,
        **more: Any,
    ) -> None:
        super().__init__(*arguments, **more)
        self._begin_leaving = begin_leaving
        self._notice_s = notice_s
        self._noticed = False
        self._pulses: dict[int, Pulse] = {}
        self._limit_s = limit_s
        self._pauses = Pauses()
        if limit_s:
            threading.Thread(target=self._watch, daemon=True, name="watchdog").start()

    def _spawn_worker(self, idx: int, target: Any, callback_loader: Any) -> Any:
        pulse = self._pulses[idx] = Pulse()
        return super()._spawn_worker(idx, target, partial(callback_loader, pulse))

    def _respawn_workers(
        self, workers: Sequence[int], spawn_target: Any, target_loader: Any, delay: float = 0
    ) -> None:
        if not delay:  # they ended by themselves, or hung: what ended them may be sent again
            self.main_loop_interrupt.wait(self._pauses.next_s(time.monotonic()))
            if self.interrupt_signal or self._noticed:
                return
        super()._respawn_workers(workers, spawn_target, target_loader, delay)

    def _watch(self) -> None:
        watches: dict[Any, Watch] = {}
        while True:
            time.sleep(LOOK_S)
            try:
                watches = {
                    worker: watches.get(worker) or self._watch_of(worker) for worker in tuple(self.wrks)
                }
                for worker, watch in watches.items():
                    if worker.is_alive() and watch.is_hung(worker._id(), time.monotonic()):
                        watch.end(worker._id())
            except ProcessLookupError:
                pass  # it ended by itself
            except Exception:
                log.exception("watchdog_failed")

    def _watch_of(self, worker: Any) -> Watch:
        return Watch(self._pulses[worker.idx], limit_s=self._limit_s, name="api")

    def signal_handler_interrupt(self, *arguments: Any, **more: Any) -> None:
        self._begin_leaving()
        if self._noticed or not self._notice_s:
            super().signal_handler_interrupt()
            return
        self._noticed = True
        timer = threading.Timer(self._notice_s, super().signal_handler_interrupt)
        timer.daemon = True
        timer.start()

    def shutdown(self, exit_code: int = 0) -> None:
        """What was accepted is read before the processes are told to stop: they close what they did not begin."""
        if sys.platform == "linux":
            for worker in tuple(self.wrks):
                with suppress(ProcessLookupError):
                    os.kill(worker._id(), _NO_MORE)
            for _ in range(_MAX_LOOKS):
                time.sleep(_LAST_REQUESTS_S)
                if not _has_unread(self.bind_port):
                    break
        super().shutdown(exit_code)


def _has_unread(port: int) -> bool:
    """Whether bytes of a client wait to be read on a connection to the port (proc(5), /proc/net/tcp)."""
    for table in ("tcp", "tcp6"):
        with suppress(OSError):
            for line in Path("/proc/net", table).read_text().splitlines()[1:]:
                _, local, _, state, queues, *_ = line.split()
                unread = int(queues.partition(":")[2], 16)
                if state == _ESTABLISHED and unread and local.endswith(f":{port:04X}"):
                    return True
    return False


def _take_no_more(*_: object) -> None:
    """In one of the server's processes: have the system drop whatever asks for a new connection.

    Who asked comes back a second later, to another process or to a port on which nobody listens.
    """
    drop_all = struct.pack("@HBBI", _BPF_RET, 0, 0, 0)
    program = ctypes.create_string_buffer(drop_all, len(drop_all))
    for name in os.listdir("/proc/self/fd"):
        with suppress(OSError), socket.socket(fileno=os.dup(int(name))) as own:
            if own.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                address = ctypes.addressof(program)
                own.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, struct.pack("@HP", 1, address))


def load_app(parent: int, settings: Settings, leaving: Callable[[], bool], pulse: Pulse) -> Any:
    """In each of the server's processes: the application. They outlive a killed parent unless they look."""
    from api.app import create_app

    leave_with_parent(parent)
    show_stacks_on_signal()
    signal.signal(_NO_MORE, _take_no_more)
    logs.configure(settings.log_level, settings.log_format)
    door = create_app(settings, leaving=leaving, pulse=pulse).door
    gc.collect()
    gc.freeze()  # what lives as long as the process is not looked through again and again
    return door


def serve_http(settings: Settings, load: Callable[..., Any] = load_app) -> None:
    """Run the HTTP server until SIGTERM or SIGINT. A process of it that hangs is ended and started again."""
    if warning := proxy_warning(settings):
        log.warning("proxies_not_named", advice=warning)
    leaving = _Leaving()
    _allow_files(settings.max_connections + _OTHER_FILES)
    server = _Server(
        "api.app:from_environment",
        factory=True,
        interface=Interfaces.ASGI,
        address=settings.host,
        port=settings.port,
        workers=settings.workers,
        # not `auto`, which waits for ever for the first byte of a connection; HTTP/1 alone gives it 30 s
        http=HTTPModes.http1,
        # counts connections, also those that are kept open with nothing asked on them
        backpressure=settings.max_connections,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=_DRAIN_S,
        log_level=LogLevels(settings.log_level),
        log_dictconfig=logs.server_logging(),
        begin_leaving=leaving.begin,
        notice_s=settings.leave_notice_s,
        limit_s=settings.loop_timeout_s,
    )
    server.serve(target_loader=partial(load, os.getpid(), settings, leaving), wrap_loader=False)


def _allow_files(wanted: int) -> None:
    """Raise this process's limit of open files, which its children inherit, as far as the system lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
