"""Processes that can be killed: extraction and assessment of untrusted pages run there, confined.

Some pages need minutes or gigabytes to parse, in C code that listens to no signal. Threads cannot be stopped,
and a limit inside the worker would end the worker. Each process has pipes of its own, so one that dies in the
middle of its answer spoils no other. Tasks go down as pickle; the answer is msgpack of the type that the task
promises, and nothing of it is unpickled (`answers.py`). What a process took is read from the kernel. It can
compute and speak through its pipes, no more (`confinement.py`): Landlock refuses files, seccomp all calls but
some sixty. Processes are forked from a server that has judged a page already and has no setting in its
environment, and replaced after 500 tasks, or sooner if a quarter of the first page's room is filled. Libraries
for such pools were the alternative; they unpickle in the parent what the child writes.
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

# What every process loads: a confined one opens no file any more. Profiles of the engine add theirs.
PARSERS: Final = "api.processes.parsers"
_KIB_PER_MB = 1024
# A process grows by some 40 KB a page (the parser keeps the words that it met); a new one costs 50 ms.
_MAX_TASKS = 500
_MAX_WAITING = (
    10  # times its CPU, the time that a task may take: a busy machine may give it a tenth of a core
)
_ROOM_KEPT = 0.75  # of the memory that the process's first task found; with less it is replaced
_READ_BYTES = 1 << 20
_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


class ProcessCrashed(Exception):
    """The process died, ran out of memory, or said nonsense, while it worked on this task alone."""


class ProcessTimeout(Exception):
    """The task took more CPU, or far more time, than it may; its process was killed."""


class _DiedIdle(Exception):
    """The process was gone before it took the task, which is innocent of it."""


@dataclass(slots=True)
class Allowance:
    """The seconds of CPU that are left for several tasks together, as those that read one page."""

    left_s: float


class Processes:
    """At most `size` processes, each confined and bounded in memory; every task is bounded in CPU.

    CPU and not time, since on a busy machine an honest page takes long too. Time is bounded far above it, for a
    task that waits. A process is replaced before what its tasks leave behind fills it, and after one that failed.
    `preload` names modules that the fork server imports once, so that all processes share what these load: all
    that tasks need must be among them, as a confined process opens no file. The server is shared by all pools of
    the same modules and lives as long as this process, unless `keeps_server` is false.
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
        # a fork server answers one question at a time, and blocks meanwhile
        self._hands = ThreadPoolExecutor(1, thread_name_prefix="page processes")

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
        """`task(*arguments, **named)` in a process of its own for so long.

        The arguments travel by pickle; the answer must be of the type that the task's annotation names, and
        one that msgspec can write. It may take what is left of `allowance`, which is lessened by what it took;
        without one, `cpu_s`. `admit` is called when its turn has come, and may raise.

        Raises ProcessCrashed, ProcessTimeout, Unavailable where no process can be started, or what the task
        raises (see `answers.understood`). Cancellation kills the process.
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
            fit = True  # the task's own
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
        """A process that is alive: one that waits, or a new one."""
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
        """Its exit code; it is killed where it still runs."""
        self._all.discard(process)
        if process.ended is None:
            process.ended = self._hands.submit(self._server.end, process.forked)
        return process.ended

    def close(self) -> None:
        """Kill what runs and end all processes."""
        for process in tuple(self._all):
            self._bury(process)
        self._hands.shutdown()
        if not self._keeps_server:
            self._server.stop()


class _Process:
    """One process and what is known of it."""

    def __init__(self, forked: Forked) -> None:
        self.forked = forked
        self.tasks = 0
        self.has_taken = False
        self.ended: Future[int] | None = None
        self.began_mb = self.memory_mb()
        self._began_s = 0.0

    def is_silent(self) -> bool:
        """Whether it waits for a task. One that has closed its pipe, or speaks unasked, does not."""
        asked = select.poll()
        asked.register(self.forked.answers, select.POLLIN)
        return not asked.poll(0)

    async def ask(self, call: bytes) -> bytes:
        """What it says to a call. Raises EOFError where it dies, ProcessCrashed where it says nonsense."""
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
        """Of the last task. Where the system does not say, the time that it took."""
        return self._cpu_s() - self._began_s

    def _cpu_s(self) -> float:
        if sys.platform != "linux":
            return asyncio.get_running_loop().time()
        # after the name in brackets, which may hold anything: user and system time are the 12th and 13th
        fields = Path(f"/proc/{self.forked.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS_A_SECOND

    def memory_mb(self) -> float:
        """What counts against the limit; 0 where the system does not say, and sets no such limit either."""
        if sys.platform != "linux":
            return 0.0
        status = Path(f"/proc/{self.forked.pid}/status").read_text().splitlines()
        line = next((line for line in status if line.startswith("VmData:")), "VmData: 0")
        return int(line.split()[1]) / _KIB_PER_MB


async def _write(descriptor: int, data: bytes) -> None:
    """All of it, to a pipe that does not block. Raises EOFError where nobody reads it any more."""
    left = memoryview(data)
    while left:
        try:
            left = left[os.write(descriptor, left) :]
        except BlockingIOError:
            await _ready(asyncio.get_running_loop().add_writer, descriptor)
        except BrokenPipeError as closed:
            raise EOFError from closed


async def _read(descriptor: int, length: int) -> bytes:
    """So many bytes, which take room as they come. Raises EOFError where they end sooner."""
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
    """Until the descriptor can be written, or read, as `watch` (add_writer or add_reader of the loop) tells."""
    loop = asyncio.get_running_loop()
    ready = loop.create_future()
    watch(descriptor, _set, ready)
    try:
        await ready
    finally:
        (loop.remove_writer if watch == loop.add_writer else loop.remove_reader)(descriptor)
