"""The jobs that a worker has in hand, so that it can give them back when it must stop."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class JobReturned(Exception):
    """The job was ended for the worker's sake: the queue should have it again at once."""


class RunningJobs:
    """Runs jobs until `give_back`."""

    def __init__(self) -> None:
        self._work: set[asyncio.Task[Any]] = set()
        self._over = False

    async def run(self, job: Coroutine[Any, Any, T]) -> T:
        """What the job returns. Raises what it raises, or GivenBack."""
        work = asyncio.create_task(job)
        self._work.add(work)
        try:
            return await work
        except asyncio.CancelledError:
            caller = asyncio.current_task()
            if self._over and caller is not None and not caller.cancelling():
                raise JobReturned from None
            raise
        finally:
            self._work.discard(work)

    def give_back(self) -> None:
        """End all of them; each lets go of what it holds."""
        self._over = True
        for work in self._work:
            work.cancel()
