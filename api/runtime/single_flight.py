"""Coalesces identical concurrent reads: the first caller's read answers all who ask for the same meanwhile.

It serves those who miss the same document, or come with the same key that is not known yet. The read is a task
of its own, so a caller that leaves takes nothing from the others. A lock in Valkey would make one read of all
processes together, at the price of a round trip for everybody; there are few processes, and each reads once.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")


class SingleFlight:
    """One a process. A name stands for one kind of answer."""

    def __init__(self) -> None:
        self._under_way: dict[Hashable, asyncio.Task[Any]] = {}

    async def fly(self, name: Hashable, make: Callable[[], Awaitable[T]]) -> T:
        """What `make` gives, or gave those who are waiting for it already. Raises what it raises.

        It is a task of its own: who leaves, also who came first, takes nothing from the others.
        """
        task: asyncio.Task[T] | None = self._under_way.get(name)
        if task is None:
            task = self._under_way[name] = asyncio.create_task(_made(make))
            task.add_done_callback(lambda done: self._land(name, done))
        return await asyncio.shield(task)

    def _land(self, name: Hashable, done: asyncio.Task[Any]) -> None:
        del self._under_way[name]
        if not done.cancelled():
            done.exception()  # where all have left, nobody else looks at it


async def _made(make: Callable[[], Awaitable[T]]) -> T:
    return await make()
