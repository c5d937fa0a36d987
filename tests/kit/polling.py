"""Polls for a condition in another process or server, which cannot set an event."""

import asyncio
from collections.abc import Awaitable, Callable


async def until(reached: Callable[[], Awaitable[bool]], seconds: float = 10) -> None:
    """Return once the condition holds. Raises TimeoutError if it does not within `seconds`."""
    async with asyncio.timeout(seconds):
        while not await reached():  # noqa: ASYNC110  # nothing in this loop could set an event
            await asyncio.sleep(0.02)
