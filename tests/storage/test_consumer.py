"""The queue's consumer survives a lost probe."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from pgqueuer.adapters.drivers.asyncpg import AsyncpgPoolDriver
from pgqueuer.core import listeners
from pgqueuer.domain.errors import FailingListenerError

from api.queue.consumer import Consumer
from api.queue.schema import prune_log, queries
from tests.kit.databases import connected

SOON = timedelta(seconds=0.3)


class Losing:
    """Loses the first probes, like those sent before LISTEN."""

    def __init__(self, calls: Any, lost: int) -> None:
        self._calls, self._lost = calls, lost

    def __getattr__(self, name: str) -> Any:
        return getattr(self._calls, name)

    async def notify_health_check(self, probe: Any) -> None:
        self._lost -= 1
        if self._lost < 0:
            await self._calls.notify_health_check(probe)


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[asyncpg.Pool]:
    pool = await asyncpg.create_pool(database_url, min_size=1, max_size=3)
    yield pool
    pool.terminate()  # it would wait for the listening connection


async def _listening(pool: asyncpg.Pool, *, lost: int) -> Consumer:
    driver = AsyncpgPoolDriver(pool)
    consumer = Consumer(Losing(queries(driver), lost))  # type: ignore[arg-type]  # the same calls
    router = listeners.default_event_router(
        notice_event_queue=listeners.PGNoticeEventListener(),
        canceled=consumer.job_context,
        pending_health_check=consumer.pending_health_check,
    )
    await listeners.initialize_notice_event_listener(driver, consumer.channel, router)
    return consumer


class TestAConsumer:
    async def test_ends_where_two_probes_in_a_row_are_lost(self, pool: asyncpg.Pool) -> None:
        consumer = await _listening(pool, lost=2)
        with pytest.raises(FailingListenerError):
            await consumer.listener_healthy(SOON)

    async def test_goes_on_where_one_is_lost(self, pool: asyncpg.Pool) -> None:
        assert await (await _listening(pool, lost=1)).listener_healthy(timedelta(seconds=10)) is not None


class TestTheQueuesOwnTables:
    async def test_keep_a_day(self, pool: asyncpg.Pool, owner_url: str) -> None:
        async with connected(owner_url) as owner:
            for hours in (1, 23, 25, 1_000):
                await owner.execute(
                    "INSERT INTO queue.pgqueuer_statistics (created, count, priority, status, entrypoint)"
                    " VALUES (now() - make_interval(hours => $1), 1, 0, 'successful', 'analyze')",
                    hours,
                )
            async with pool.acquire() as connection:
                await prune_log(connection)
            assert await owner.fetchval("SELECT count(*) FROM queue.pgqueuer_statistics") == 2
