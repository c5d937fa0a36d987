"""A pool of confined processes for extraction and assessment of untrusted pages.

Some pages take minutes or gigabytes to parse, in C code that ignores signals; threads cannot be stopped, and a
limit in the worker would end the worker. Each process has its own pipes. Tasks are pickled; answers are msgpack
of the task's return type (`answers.py`). Processes are confined (`confinement.py`), forked from a preloaded
server without settings in its environment, and replaced after 500 tasks, or when memory left by earlier tasks
grows too large. Pool libraries were the alternative; they unpickle in the parent what the child writes.
"""

import asyncio
import os
import pickle
import select
import signal
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from api.errors import ApiError, Unavailable
from api.processes.answers import LENGTH_BYTES, MAX_BYTES, TAKEN, TaskFailed, understood
from api.processes.fork_server import Forked, ForkServer, fork_server

T = TypeVar("T")

# Loaded by every process of the service; engine profiles add more.
PARSERS: Final = "api.processes.parsers:pages_and_feeds"
_KIB_PER_MB = 1024
# A process grows by some 40 KB a page (the parser keeps words); a new one costs 50 ms.
_MAX_TASKS = 500
_MAX_WAITING = 10  # time limit as a multiple of CPU: a busy machine may give a task a tenth of a core
_ROOM_KEPT = 0.75  # share of the initially free memory; with less, the process is replaced
_READ_BYTES = 1 << 20
_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


class ProcessCrashed(Exception):
    """The process died, ran out of memory, or sent an invalid answer during this task."""


class ProcessTimeout(Exception):
    """The task exceeded its CPU or time limit; its process was killed."""


class _DiedIdle(Exception):
    """The process died before it took the task."""


@dataclass(slots=True)
class Allowance:
    """The CPU seconds left for several tasks, such as those that read one page."""

    left_s: float


class Processes:
    """At most `size` confined processes with a memory limit; each task has a CPU limit.

    CPU rather than time, because a busy machine is slow; a much larger time limit covers tasks that wait. A
    process is replaced before its memory fills, and after a failure. `preload` names modules that the fork
    server imports once; tasks can import nothing else. The server is shared by pools with the same modules and
    lives as long as this process, unless `keeps_server` is false.
    """

    def __init__(
        self,
        *,
        size: int,
        memory_mb: int,
        cpu_s: float,
        preload: tuple[str, ...] = (PARSERS,),
        most_tasks: int = _MAX_TASKS,
        keeps_server: bool = True,
    ) -> None:
        self._server = fork_server(preload) if keeps_server else ForkServer(preload)
        self._keeps_server = keeps_server
        self._size, self._memory_mb, self._cpu_s = size, memory_mb, cpu_s
        self._most_tasks = most_tasks
        self._places = asyncio.Semaphore(size)
        self._all: set[_Process] = set()
        self._idle: list[_Process] = []
        # the fork server handles one request at a time, and blocks
        self._hands = ThreadPoolExecutor(1, thread_name_prefix="page processes")

    async def open(self) -> None:
        """Start the processes, off the event loop. Takes as long as the preload."""
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
        """Run `task(*arguments, **named)` in a process.

        Arguments are pickled; the answer must have the annotated type. The CPU used is subtracted from
        `allowance`; without one the limit is `cpu_s`. `admit` is called when a place is free, and may raise.
        Raises ProcessCrashed, ProcessTimeout, Unavailable if no process can be started, or the task's error
        (see `answers.understood`). Cancellation kills the process.
        """
        async with self._places:
            admit()
            allowance = allowance or Allowance(self._cpu_s)
            if allowance.left_s <= 0:
                raise ProcessTimeout("no CPU left")
            call = pickle.dumps((allowance.left_s, task, arguments, named))
            try:
                return await self._run(allowance, task, call)
            except _DiedIdle:
                pass
            try:
                return await self._run(allowance, task, call)
            except _DiedIdle as died:
                raise ProcessCrashed("died twice before it began") from died

    async def _run(self, allowance: Allowance, task: Callable[..., T], call: bytes) -> T:
        process = await self._take()
        longest, fit = _MAX_WAITING * allowance.left_s, False
        try:
            async with asyncio.timeout(longest):
                said = await process.ask(call)
            allowance.left_s -= process.cpu_taken_s()
            answer: T = understood(said, task)
            fit = True
            return answer
        except MemoryError as full:
            raise ProcessCrashed(f"out of memory {full}") from full
        except msgspec.MsgspecError as garbage:
            raise ProcessCrashed("its answer cannot be read") from garbage
        except (ApiError, TaskFailed, ValueError):
            fit = True  # the task's own error
            raise
        except TimeoutError as late:
            raise ProcessTimeout(f"over {longest:.0f} s") from late
        except EOFError as died:
            code = await asyncio.wrap_future(self._bury(process))
            if code == -signal.SIGXCPU:
                raise ProcessTimeout(f"over {allowance.left_s:.1f} s of CPU") from died
            if not process.has_taken:
                raise _DiedIdle from died
            raise ProcessCrashed(f"ended with {code}") from died
        finally:
            process.tasks += 1
            if fit and process.tasks < self._most_tasks and self._has_room(process):
                self._idle.append(process)
            else:
                self._bury(process)

    async def _take(self) -> "_Process":
        """An idle process that is alive, or a new one."""
        while self._idle:
            process = self._idle.pop()
            if process.is_silent():
                return process
            self._bury(process)
        return await self._begin()

    async def _begin(self) -> "_Process":
        forking = self._hands.submit(self._server.fork, self._memory_mb)
        try:
            process = _Process(await asyncio.wrap_future(forking))
        except OSError as failed:
            raise Unavailable("No process to read in could be started.") from failed
        except asyncio.CancelledError:
            forking.add_done_callback(self._end_unwanted)
            raise
        self._all.add(process)
        return process

    def _end_unwanted(self, forking: Future[Forked]) -> None:
        if not forking.cancelled() and not forking.exception():
            self._server.end(forking.result())

    def _has_room(self, process: "_Process") -> bool:
        room = self._memory_mb - process.began_mb
        return self._memory_mb - process.memory_mb() >= _ROOM_KEPT * room

    def _bury(self, process: "_Process") -> Future[int]:
        """Kill the process if it still runs; returns its exit code."""
        self._all.discard(process)
        if process.ended is None:
            process.ended = self._hands.submit(self._server.end, process.forked)
        return process.ended

    def close(self) -> None:
        """Kill all processes."""
        for process in tuple(self._all):
            self._bury(process)
        self._hands.shutdown()
        if not self._keeps_server:
            self._server.stop()


class _Process:
    """One process and its state."""

    def __init__(self, forked: Forked) -> None:
        self.forked = forked
        self.tasks = 0
        self.has_taken = False
        self.ended: Future[int] | None = None
        self.began_mb = self.memory_mb()
        self._began_s = 0.0

    def is_silent(self) -> bool:
        """Whether it waits for a task: its pipe is open and has no unexpected output."""
        asked = select.poll()
        asked.register(self.forked.answers, select.POLLIN)
        return not asked.poll(0)

    async def ask(self, call: bytes) -> bytes:
        """The answer to a call. Raises EOFError if it dies, ProcessCrashed for an invalid answer."""
        self.has_taken, self._began_s = False, self._cpu_s()
        await _write(self.forked.tasks, len(call).to_bytes(LENGTH_BYTES) + call)
        if await _read(self.forked.answers, len(TAKEN)) != TAKEN:
            raise ProcessCrashed("it says nonsense")
        self.has_taken = True
        length = int.from_bytes(await _read(self.forked.answers, LENGTH_BYTES))
        if length > MAX_BYTES:
            raise ProcessCrashed(f"its answer would have {length} bytes")
        return await _read(self.forked.answers, length)

    def cpu_taken_s(self) -> float:
        """CPU seconds of the last task; elapsed time on systems other than Linux."""
        return self._cpu_s() - self._began_s

    def _cpu_s(self) -> float:
        if sys.platform != "linux":
            return asyncio.get_running_loop().time()
        # after the bracketed name: user and system time are the 12th and 13th fields
        fields = Path(f"/proc/{self.forked.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS_A_SECOND

    def memory_mb(self) -> float:
        """Memory that counts against the limit; 0 on systems other than Linux, which set no limit."""
        if sys.platform != "linux":
            return 0.0
        status = Path(f"/proc/{self.forked.pid}/status").read_text().splitlines()
        line = next((line for line in status if line.startswith("VmData:")), "VmData: 0")
        return int(line.split()[1]) / _KIB_PER_MB


async def _write(descriptor: int, data: bytes) -> None:
    """Write all data to a non-blocking pipe. Raises EOFError if the reader is gone."""
    left = memoryview(data)
    while left:
        try:
            left = left[os.write(descriptor, left) :]
        except BlockingIOError:
            await _ready(asyncio.get_running_loop().add_writer, descriptor)
        except BrokenPipeError as closed:
            raise EOFError from closed


async def _read(descriptor: int, length: int) -> bytes:
    """Read `length` bytes, allocating as they arrive. Raises EOFError if they end sooner."""
    data = bytearray()
    while len(data) < length:
        try:
            part = os.read(descriptor, min(length - len(data), _READ_BYTES))
        except BlockingIOError:
            await _ready(asyncio.get_running_loop().add_reader, descriptor)
            continue
        if not part:
            raise EOFError
        data += part
    return bytes(data)


def _set(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)


async def _ready(watch: Callable[..., None], descriptor: int) -> None:
    """Wait until the descriptor is ready; `watch` is the loop's add_writer or add_reader."""
    loop = asyncio.get_running_loop()
    ready = loop.create_future()
    watch(descriptor, _set, ready)
    try:
        await ready
    finally:
        (loop.remove_writer if watch == loop.add_writer else loop.remove_reader)(descriptor)
