"""Polls for a condition in another process or server, which cannot set an event."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Any

import httpx


async def until(reached: Callable[[], bool | Awaitable[bool]], seconds: float = 10) -> None:
    """Return once the condition holds. Raises TimeoutError if it does not within `seconds`."""
    async with asyncio.timeout(seconds):
        while True:
            holds = reached()
            if await holds if inspect.isawaitable(holds) else holds:
                return
            await asyncio.sleep(0.02)


async def until_equal(expected: object, read: Callable[[], Awaitable[object]], seconds: float = 10) -> None:
    """Return once `read` gives the expected value. Raises TimeoutError."""

    async def is_equal() -> bool:
        return await read() == expected

    await until(is_equal, seconds)


async def until_status(
    status: int, client: httpx.AsyncClient, path: str, seconds: float = 10, **request: Any
) -> None:
    """Return once GET of the path gives the status. Raises TimeoutError."""

    async def status_code() -> int:
        return (await client.get(path, **request)).status_code

    await until_equal(status, status_code, seconds)
