"""The running jobs of a worker, so that it can return them when it must stop."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class JobReturned(Exception):
    """The worker is stopping: the job must be queued again at once."""


class RunningJobs:
    """Runs jobs until `give_back`."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._stopping = False

    async def run(self, job: Coroutine[Any, Any, T]) -> T:
        """The result of the job. Raises what it raises, or JobReturned."""
        task = asyncio.create_task(job)
        self._tasks.add(task)
        try:
            return await task
        except asyncio.CancelledError:
            caller = asyncio.current_task()
            if self._stopping and caller is not None and not caller.cancelling():
                raise JobReturned from None
            raise
        finally:
            self._tasks.discard(task)

    def give_back(self) -> None:
        """Cancel all jobs; each releases its locks."""
        self._stopping = True
        for task in self._tasks:
            task.cancel()
