"""The HTTP server of `unspun api`, and its shutdown.

On SIGTERM, /readyz returns 503 at once and responses close their connections; requests are accepted for the
time that a load balancer needs to notice; then open requests have 20 s. A second signal skips the notice.

ASGI instead of Granian's RSGI: RSGI saves 5 of 31 µs for a cached response, but buffers streamed responses
without limit and drops non-ASCII headers.

HTTP/1 only: with both versions, Granian waits for a first byte without a timeout. Its `backpressure` counts
idle connections too, so `max_connections` is far above the number of concurrent requests.
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
from api.cli.watchdog import POLL_S, RestartDelays, Watch, show_stacks_on_signal
from api.pulse import Pulse
from api.settings import Settings
from api.settings.production import proxy_warning

log = structlog.get_logger(__name__)

_DRAIN_S: Final = 20
_STOP_ACCEPTING: Final = signal.SIGUSR2
_DRAIN_POLL_S: Final = 0.3  # for reading accepted requests; repeated while some are unread
_MAX_POLLS: Final = 10
_ESTABLISHED: Final = "01"
_SO_ATTACH_FILTER: Final = 26  # socket(7): a BPF program, here one instruction that drops every packet
_BPF_RET: Final = 0x06
_OTHER_FILES: Final = 256  # other than client connections: the pool, Valkey, imports


class _Leaving:
    """A flag in shared memory: the service is shutting down."""

    def __init__(self) -> None:
        self._requested = multiprocessing.RawValue("b", 0)

    def __call__(self) -> bool:
        return bool(self._requested.value)

    def begin(self) -> None:
        self._requested.value = 1


class _Server(Server):  # type: ignore[misc, valid-type]  # granian chooses its class at import
    """Granian with a shutdown notice and a watchdog."""

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
        self._delays = RestartDelays()
        if limit_s:
            threading.Thread(target=self._watch, daemon=True, name="watchdog").start()

    def _spawn_worker(self, idx: int, target: Any, callback_loader: Any) -> Any:
        pulse = self._pulses[idx] = Pulse()
        return super()._spawn_worker(idx, target, partial(callback_loader, pulse))

    def _respawn_workers(
        self, workers: Sequence[int], spawn_target: Any, target_loader: Any, delay: float = 0
    ) -> None:
        if not delay:  # they exited or hung, and the cause may recur
            self.main_loop_interrupt.wait(self._delays.next_s(time.monotonic()))
            if self.interrupt_signal or self._noticed:
                return
        super()._respawn_workers(workers, spawn_target, target_loader, delay)

    def _watch(self) -> None:
        watches: dict[Any, Watch] = {}
        while True:
            time.sleep(POLL_S)
            try:
                watches = {
                    worker: watches.get(worker) or self._watch_of(worker) for worker in tuple(self.wrks)
                }
                for worker, watch in watches.items():
                    if worker.is_alive() and watch.is_hung(worker._id(), time.monotonic()):
                        watch.end(worker._id())
            except ProcessLookupError:
                pass  # it has exited
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
        """Let the processes read accepted requests first: they close connections without a request."""
        if sys.platform == "linux":
            for worker in tuple(self.wrks):
                with suppress(ProcessLookupError):
                    os.kill(worker._id(), _STOP_ACCEPTING)
            for _ in range(_MAX_POLLS):
                time.sleep(_DRAIN_POLL_S)
                if not _has_unread(self.bind_port):
                    break
        super().shutdown(exit_code)


def _has_unread(port: int) -> bool:
    """Whether a connection to the port has unread bytes (proc(5), /proc/net/tcp)."""
    for table in ("tcp", "tcp6"):
        with suppress(OSError):
            for line in Path("/proc/net", table).read_text().splitlines()[1:]:
                _, local, _, state, queues, *_ = line.split()
                unread = int(queues.partition(":")[2], 16)
                if state == _ESTABLISHED and unread and local.endswith(f":{port:04X}"):
                    return True
    return False


def _stop_accepting(*_: object) -> None:
    """Signal handler of the server's processes: let the kernel drop new connection attempts.

    The client retries after a second, with another process or a closed port.
    """
    drop_all = struct.pack("@HBBI", _BPF_RET, 0, 0, 0)
    program = ctypes.create_string_buffer(drop_all, len(drop_all))
    for name in os.listdir("/proc/self/fd"):
        with suppress(OSError), socket.socket(fileno=os.dup(int(name))) as listener:
            if listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                address = ctypes.addressof(program)
                listener.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, struct.pack("@HP", 1, address))


def load_app(parent: int, settings: Settings, leaving: Callable[[], bool], pulse: Pulse) -> Any:
    """Load the application in a server process, which must also stop when its parent is killed."""
    from api.app import create_app

    leave_with_parent(parent)
    show_stacks_on_signal()
    signal.signal(_STOP_ACCEPTING, _stop_accepting)
    logs.configure(settings.log_level, settings.log_format)
    application = create_app(settings, leaving=leaving, pulse=pulse).gateway
    gc.collect()
    gc.freeze()  # long-lived objects are excluded from garbage collection
    return application


def serve_http(settings: Settings, load: Callable[..., Any] = load_app) -> None:
    """Run the HTTP server until SIGTERM or SIGINT. A process that hangs is killed and restarted."""
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
        # not `auto`, which waits for the first byte without a timeout; HTTP/1 has 30 s
        http=HTTPModes.http1,
        # counts connections, including idle ones
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
    """Raise the limit of open files of this process and its children, up to the hard limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
