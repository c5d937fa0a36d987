"""Start and shutdown of the application in the test's event loop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Litestar


@asynccontextmanager
async def started(app: Litestar) -> AsyncIterator[None]:
    """Start the application, and shut it down afterwards, in one task.

    A fixture starts and ends in different tasks, which the framework's task groups do not allow; its own test
    client uses another thread and blocks the test's loop meanwhile.
    """
    ready, over = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        try:
            async with app.lifespan():
                ready.set()
                await over.wait()
        finally:
            ready.set()

    life = asyncio.create_task(live())
    await ready.wait()
    if life.done():
        await life
    try:
        yield
    finally:
        over.set()
        await life
