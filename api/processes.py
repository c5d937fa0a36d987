"""Processes that can be killed: extraction and assessment of untrusted pages run there.

Each is a pebble pool of one, so nothing is shared between two of them: a process that dies in the middle of its
answer, or while it holds a lock, spoils no channel but its own.
"""

import asyncio
import ctypes
import math
import multiprocessing
import resource
import signal
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from pebble import ProcessExpired, ProcessPool

from api.errors import Unavailable

T = TypeVar("T")

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_KIB_PER_MB = 1024
_STATUS = Path("/proc/self/status")
# A process grows by some 40 KB a page (the parser keeps the words that it met); a new one costs 50 ms.
_MOST_TASKS = 500
_MOST_WAITING = 3  # times its CPU, the time that a task may take
_ROOM_KEPT = 0.75  # of the memory that the process's first task found; with less it is replaced


class ProcessCrashed(Exception):
    """The process died, or ran out of memory, while it worked on this task alone."""


class ProcessTimeout(Exception):
    """The task took more CPU, or far more time, than it may; its process was killed."""


@dataclass(slots=True)
class Allowance:
    """The seconds of CPU that are left for several tasks together, as those that read one page."""

    left_s: float


class Processes:
    """At most `size` processes, each bounded in memory; every task is bounded in CPU.

    CPU and not time, since on a busy machine an honest page takes long too. Time is bounded far above it, for a
    task that waits. A process is replaced before what its tasks leave behind fills it, and after one that failed.
    `preload` names modules that the fork server imports once, so that all processes share what these load.
    """

    def __init__(
        self,
        *,
        size: int,
        memory_mb: int,
        cpu_s: float,
        preload: tuple[str, ...] = (),
        most_tasks: int = _MOST_TASKS,
    ) -> None:
        self._context = multiprocessing.get_context("forkserver")
        if preload:  # there is one fork server: who needs nothing takes nothing from the others
            self._context.set_forkserver_preload(list(preload))
        self._size, self._memory_mb, self._cpu_s = size, memory_mb, cpu_s
        self._most_tasks = most_tasks
        self._places = asyncio.Semaphore(size)
        self._all: set[_Cell] = set()
        self._idle: list[_Cell] = []
        self._undertaker = ThreadPoolExecutor(1, thread_name_prefix="ended processes")

    async def open(self) -> None:
        """Start the processes. Takes as long as what is preloaded takes to load, off the event loop."""
        for _ in range(self._size):
            self._idle.append(await self._begin())

    async def run(
        self,
        task: Callable[..., T],
        *arguments: object,
        allowance: Allowance | None = None,
        admit: Callable[[], None] = lambda: None,
        **named: object,
    ) -> T:
        """`task(*arguments, **named)` in a process of its own for so long; all of it travels by pickle.

        It may take what is left of `allowance`, which is lessened by what it took; without one, `cpu_s`. `admit`
        is called when its turn has come, and may raise.

        Raises ProcessCrashed, ProcessTimeout, Unavailable where no process can be started, or what the task
        raises. Cancellation kills the process.
        """
        async with self._places:
            admit()
            try:
                return await self._run(allowance or Allowance(self._cpu_s), task, arguments, named)
            except BrokenProcessPool:
                pass  # it died while it had nothing to do, of which this task is innocent
            try:
                return await self._run(allowance or Allowance(self._cpu_s), task, arguments, named)
            except BrokenProcessPool as died:
                raise ProcessCrashed(str(died)) from died

    async def _run(
        self,
        allowance: Allowance,
        task: Callable[..., T],
        arguments: tuple[object, ...],
        named: Mapping[str, object],
    ) -> T:
        if allowance.left_s <= 0:
            raise ProcessTimeout("no CPU left")
        cell = await self._take()
        call = (allowance.left_s, task, arguments, named)
        future = cell.pool.schedule(_measured, args=call, timeout=_MOST_WAITING * allowance.left_s)
        fit = False
        try:
            done: _Measured[T] = await asyncio.wrap_future(future)
            fit, cell.memory_mb = True, done.memory_mb
            allowance.left_s -= done.cpu_s
            return done.answer
        except ProcessExpired as died:
            if died.exitcode == -signal.SIGXCPU:
                raise ProcessTimeout(f"over {allowance.left_s:.1f} s of CPU") from died
            raise ProcessCrashed(str(died)) from died
        except MemoryError as full:
            raise ProcessCrashed(str(full)) from full
        except BrokenProcessPool:
            raise
        except (FutureTimeoutError, TimeoutError) as late:
            raise ProcessTimeout(f"over {_MOST_WAITING * allowance.left_s:.0f} s") from late
        except Exception:
            fit = True  # the task's own error
            raise
        finally:
            cell.tasks += 1
            if fit and not self._is_spent(cell):
                self._idle.append(cell)
            else:
                self._bury(cell)

    async def _take(self) -> "_Cell":
        """A process that is alive: one that waits, or a new one."""
        while self._idle:
            cell = self._idle.pop()
            if cell.pool.active:
                return cell
            self._bury(cell)
        return await self._begin()

    async def _begin(self) -> "_Cell":
        pool = ProcessPool(
            max_workers=1, initializer=_confine, initargs=(self._memory_mb,), context=self._context
        )
        cell = _Cell(pool)
        self._all.add(cell)
        try:
            cell.began_mb = cell.memory_mb = await asyncio.to_thread(lambda: pool.schedule(_data_mb).result())
        except BaseException as failed:
            self._bury(cell)
            if isinstance(failed, (OSError, BrokenProcessPool, MemoryError)):
                raise Unavailable("No process to read in could be started.") from failed
            raise
        return cell

    def _is_spent(self, cell: "_Cell") -> bool:
        room = self._memory_mb - cell.began_mb
        return cell.tasks >= self._most_tasks or self._memory_mb - cell.memory_mb < _ROOM_KEPT * room

    def _bury(self, cell: "_Cell") -> None:
        self._all.discard(cell)
        self._undertaker.submit(cell.end)

    def close(self) -> None:
        """Kill what runs and end all processes."""
        for cell in tuple(self._all):
            self._bury(cell)
        self._undertaker.shutdown()


class _Cell:
    """One process and what is known of it."""

    def __init__(self, pool: ProcessPool) -> None:
        self.pool = pool
        self.tasks = 0
        self.began_mb = self.memory_mb = 0.0

    def end(self) -> None:
        self.pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it untyped
        self.pool.join()


@dataclass(frozen=True, slots=True)
class _Measured(Generic[T]):
    answer: T
    memory_mb: float
    cpu_s: float


def _measured(
    cpu_s: float, task: Callable[..., T], arguments: tuple[object, ...], named: Mapping[str, Any]
) -> _Measured[T]:
    began = _cpu_used_s()
    # whole seconds, of all that the process ever took; past the limit the kernel kills it (SIGXCPU)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    limit = math.ceil(began + cpu_s)
    resource.setrlimit(
        resource.RLIMIT_CPU, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard)
    )
    try:
        answer = task(*arguments, **named)
    finally:
        resource.setrlimit(resource.RLIMIT_CPU, (hard, hard))
    return _Measured(answer, _data_mb(), _cpu_used_s() - began)


def _cpu_used_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _data_mb() -> float:
    """What counts against the limit; 0 where the system does not say, and sets no such limit either."""
    if not _STATUS.exists():
        return 0.0
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith("VmData:"))
    return int(line.split()[1]) / _KIB_PER_MB


def _confine(memory_mb: int) -> None:
    """In each new process: die with the fork server, leave Ctrl-C to the owner, bound the memory."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # pebble's own handler would wait for the end of what is read, three seconds, before the kill
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        with suppress(OSError):  # if memory runs out, this process goes before the worker
            Path("/proc/self/oom_score_adj").write_text("900")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold the texts of others
    # RLIMIT_DATA counts what is allocated, RLIMIT_AS also what is merely mapped (numpy, the model file)
    limit = memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
