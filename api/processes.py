"""Processes that can be killed: extraction and assessment of untrusted pages run there.

Each is a pebble pool of one, so nothing is shared between two of them: a process that dies in the middle of its
answer, or while it holds a lock, spoils no channel but its own.
"""

import asyncio
import ctypes
import multiprocessing
import resource
import signal
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessPool

from api.errors import Unavailable

T = TypeVar("T")

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_KIB_PER_MB = 1024
_STATUS = Path("/proc/self/status")
# A process grows by some 40 KB a page (the parser keeps the words that it met); a new one costs 50 ms.
_MOST_TASKS = 500
_ROOM_KEPT = 0.75  # of the memory that the process's first task found; with less it is replaced


class ProcessCrashed(Exception):
    """The process died, or ran out of memory, while it worked on this task alone."""


class ProcessTimeout(Exception):
    """The task took longer than it may; its process was killed."""


class Processes:
    """At most `size` processes, each bounded in memory; every task is bounded in time.

    A process is replaced before what its tasks leave behind fills it, and after a task that failed it.
    `preload` names modules that the fork server imports once, so that all processes share what these load.
    """

    def __init__(
        self,
        *,
        size: int,
        memory_mb: int,
        timeout_s: float,
        preload: tuple[str, ...] = (),
        most_tasks: int = _MOST_TASKS,
    ) -> None:
        self._context = multiprocessing.get_context("forkserver")
        if preload:  # there is one fork server: who needs nothing takes nothing from the others
            self._context.set_forkserver_preload(list(preload))
        self._size, self._memory_mb, self._timeout_s = size, memory_mb, timeout_s
        self._most_tasks = most_tasks
        self._places = asyncio.Semaphore(size)
        self._all: set[_Cell] = set()
        self._idle: list[_Cell] = []
        self._undertaker = ThreadPoolExecutor(1, thread_name_prefix="ended processes")

    async def open(self) -> None:
        """Start the processes. Takes as long as what is preloaded takes to load, off the event loop."""
        for _ in range(self._size):
            self._idle.append(await self._begin())

    async def run(self, task: Callable[..., T], *arguments: object, **named: object) -> T:
        """`task(*arguments, **named)` in a process of its own for so long; all of it travels by pickle.

        Raises ProcessCrashed, ProcessTimeout, Unavailable where no process can be started, or what the task
        raises. Cancellation kills the process.
        """
        async with self._places:
            try:
                return await self._run(task, arguments, named)
            except BrokenProcessPool:
                pass  # it died while it had nothing to do, of which this task is innocent
            try:
                return await self._run(task, arguments, named)
            except BrokenProcessPool as died:
                raise ProcessCrashed(str(died)) from died

    async def _run(
        self, task: Callable[..., T], arguments: tuple[object, ...], named: Mapping[str, object]
    ) -> T:
        cell = await self._take()
        future = cell.pool.schedule(_measured, args=(task, arguments, named), timeout=self._timeout_s)
        fit = False
        try:
            answer: tuple[T, float] = await asyncio.wrap_future(future)
            fit, cell.memory_mb = True, answer[1]
            return answer[0]
        except (ProcessExpired, MemoryError) as died:
            raise ProcessCrashed(str(died)) from died
        except BrokenProcessPool:
            raise
        except (FutureTimeoutError, TimeoutError) as late:
            raise ProcessTimeout(f"over {self._timeout_s} s") from late
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


def _measured(
    task: Callable[..., T], arguments: tuple[object, ...], named: Mapping[str, Any]
) -> tuple[T, float]:
    return task(*arguments, **named), _data_mb()


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
