"""Coalesces identical concurrent reads: the first caller's read answers all who ask for the same meanwhile.

A lock in Valkey would make one read of all processes together, but cost everybody a round trip; there are few
processes, and each reads once.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")


class SingleFlight:
    """One a process. A name stands for one kind of answer."""

    def __init__(self) -> None:
        self._running: dict[Hashable, asyncio.Task[Any]] = {}

    async def run(self, name: Hashable, call: Callable[[], Awaitable[T]]) -> T:
        """The result of `call`, or of the call of this name that is running. Raises what it raises.

        The call is a task of its own: a caller that is cancelled, even the first, does not cancel it.
        """
        task: asyncio.Task[T] | None = self._running.get(name)
        if task is None:
            task = self._running[name] = asyncio.create_task(_called(call))
            task.add_done_callback(lambda done: self._end(name, done))
        return await asyncio.shield(task)

    def _end(self, name: Hashable, done: asyncio.Task[Any]) -> None:
        del self._running[name]
        if not done.cancelled():
            done.exception()  # retrieved, in case every caller was cancelled


async def _called(call: Callable[[], Awaitable[T]]) -> T:
    return await call()
