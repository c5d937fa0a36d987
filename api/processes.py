"""A pool of processes that can be killed: extraction and assessment of untrusted pages run there."""

import asyncio
import ctypes
import multiprocessing
import resource
import signal
import sys
from collections.abc import Callable
from concurrent.futures import TimeoutError as FutureTimeoutError
from typing import TypeVar

from pebble import ProcessExpired, ProcessPool

T = TypeVar("T")

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


class ProcessCrashed(Exception):
    """The process died, or ran out of memory, while it worked on this task alone."""


class ProcessTimeout(Exception):
    """The task took longer than it may; its process was killed."""


class Processes:
    """`size` processes, each bounded in memory; every task is bounded in time.

    `preload` names modules that the fork server imports once, so that all processes share what these load.
    """

    def __init__(self, *, size: int, memory_mb: int, timeout_s: float, preload: tuple[str, ...] = ()) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(list(preload))
        self._timeout_s = timeout_s
        self._pool = ProcessPool(
            max_workers=size, initializer=_confine, initargs=(memory_mb,), context=context
        )

    async def open(self) -> None:
        """Start the processes. Takes as long as what is preloaded takes to load, off the event loop."""
        await asyncio.to_thread(lambda: self._pool.schedule(_alive).result())

    async def run(self, task: Callable[..., T], *arguments: object, **named: object) -> T:
        """`task(*arguments, **named)` in a process of the pool; all of it travels by pickle.

        Raises ProcessCrashed, ProcessTimeout, or what the task raises. Cancellation kills the process.
        """
        future = self._pool.schedule(task, args=arguments, kwargs=named, timeout=self._timeout_s)
        try:
            result: T = await asyncio.wrap_future(future)
        except (ProcessExpired, MemoryError) as died:
            raise ProcessCrashed(str(died)) from died
        except (FutureTimeoutError, TimeoutError) as late:
            raise ProcessTimeout(f"over {self._timeout_s} s") from late
        return result

    def close(self) -> None:
        """Kill what runs and end the pool."""
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it untyped
        self._pool.join()


def _alive() -> bool:
    return True


def _confine(memory_mb: int) -> None:
    """In each new process: die with the fork server, leave Ctrl-C to the owner, bound the memory."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold the texts of others
    # RLIMIT_DATA counts what is allocated, RLIMIT_AS also what is merely mapped (numpy, the model file)
    limit = memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
