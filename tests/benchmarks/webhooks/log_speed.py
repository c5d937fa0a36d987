"""Events per second that several writers append to the log, each in its own transaction."""

import asyncio
import time
from statistics import quantiles

import asyncpg

from api.clock import Clock
from api.storage.log.events import NewEvent, append_events
from schemas.events import EventType
from tests.benchmarks.webhooks.stage import STORY, staged

WRITERS = 8


async def log_speed(events: int) -> tuple[float, float]:
    """Events per second, and the 99th percentile of a writer's commit, in seconds."""
    async with staged() as stage:
        pool = await asyncpg.create_pool(stage.servers.database_url, min_size=WRITERS, max_size=WRITERS)
        clock, took = Clock(), list[float]()

        async def write(count: int) -> None:
            async with pool.acquire() as connection:
                for _ in range(count):
                    event = NewEvent(
                        id=clock.new_id("evt"),
                        type=EventType.STORY_PUBLISHED,
                        account_id=None,
                        story_id=None,
                        data=STORY,
                    )
                    began = time.monotonic()
                    async with connection.transaction():
                        await append_events(connection, [event], clock.now())
                    took.append(time.monotonic() - began)

        began = time.monotonic()
        await asyncio.gather(*(write(events // WRITERS) for _ in range(WRITERS)))
        speed = events / (time.monotonic() - began)
        found, counted = await stage.connection.fetchrow(
            "SELECT (SELECT count(*) FROM events), (SELECT n FROM event_counter)"
        )
        await pool.close()
    if not found == counted == events:
        raise RuntimeError(f"{events} were written, {found} are there, the counter says {counted}")
    return speed, quantiles(took, n=100)[-1]
