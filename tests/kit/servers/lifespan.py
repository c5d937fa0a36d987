"""The application's start and end, inside the test's own event loop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Litestar


@asynccontextmanager
async def started(app: Litestar) -> AsyncIterator[None]:
    """Start the application, and end it afterwards, in one task of its own.

    A fixture begins and ends in different tasks, which the framework's task groups do not take; its own test
    client runs the application in another thread, and holds up the test's loop meanwhile.
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
