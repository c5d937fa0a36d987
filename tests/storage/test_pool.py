"""The connection pool: no request is refused while a connection is available."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable

import pytest

from api.errors import Unavailable
from api.storage.database.pool import LOOK_S, VAIN_LOOKS, Pool
from tests.kit.polling import until
from tests.kit.servers.proxy import Proxy, through_proxy

Open = Callable[..., Pool]


@pytest.fixture
async def open_pool() -> AsyncIterator[Open]:
    pools: list[Pool] = []

    def make(url: str, *, minimum: int = 1, maximum: int = 10) -> Pool:
        pools.append(Pool(url, minimum=minimum, maximum=maximum, statement_timeout_ms=5_000))
        return pools[-1]

    yield make
    for pool in pools:
        await pool.close()


@pytest.fixture
async def proxy(database_url: str) -> AsyncIterator[Proxy]:
    async with through_proxy(database_url) as proxy:
        yield proxy


async def _ask(pool: Pool) -> int:
    async with pool.transaction() as connection:
        return await connection.fetchval("SELECT pg_backend_pid()")


class TestAPoolRefuses:
    async def test_at_once_where_nothing_listens(self, open_pool: Open, proxy: Proxy) -> None:
        await proxy.stop()
        with pytest.raises(Unavailable):
            await _ask(open_pool(proxy.url))

    async def test_all_who_wait_where_the_only_attempt_fails(self, open_pool: Open, proxy: Proxy) -> None:
        await proxy.stop()
        pool = open_pool(proxy.url, maximum=1)
        ends = await asyncio.gather(*(_ask(pool) for _ in range(3)), return_exceptions=True)
        assert [type(end) for end in ends] == [Unavailable] * 3

    async def test_who_waits_for_a_connection_that_is_not_given_back(
        self, open_pool: Open, database_url: str
    ) -> None:
        pool = open_pool(database_url, maximum=1)
        async with pool.connection():
            with pytest.raises(Unavailable):
                await _ask(pool)
        await _ask(pool)

    async def test_after_it_was_closed(self, open_pool: Open, database_url: str) -> None:
        pool = open_pool(database_url)
        await _ask(pool)
        await pool.close()
        with pytest.raises(Unavailable):
            await _ask(pool)


class TestAPool:
    async def test_serves_all_by_the_one_that_is_open_where_no_other_can_be_opened(
        self, open_pool: Open, proxy: Proxy
    ) -> None:
        pool = open_pool(proxy.url)
        first = await _ask(pool)
        proxy.hold_new()
        assert await asyncio.gather(*(_ask(pool) for _ in range(12))) == [first] * 12

    async def test_waits_for_one_that_is_at_work_for_a_while(
        self, open_pool: Open, database_url: str
    ) -> None:
        pool = open_pool(database_url, maximum=1)
        async with pool.connection() as connection:
            waiting = asyncio.create_task(_ask(pool))
            await connection.fetchval("SELECT pg_sleep($1)", LOOK_S * (VAIN_LOOKS / 2))
        assert await waiting

    async def test_does_not_time_out_after_a_blocked_event_loop(
        self, open_pool: Open, database_url: str
    ) -> None:
        pool = open_pool(database_url, maximum=1)
        async with pool.connection() as connection:
            waiting = asyncio.create_task(_ask(pool))
            await connection.fetchval("SELECT 1")
            time.sleep(LOOK_S * (VAIN_LOOKS + 1))  # noqa: ASYNC251  # it is the event loop that is to stand still
            await connection.fetchval("SELECT 1")
        assert await waiting

    async def test_opens_its_minimum_beside_the_first_request(
        self, open_pool: Open, database_url: str
    ) -> None:
        async with open_pool(database_url, minimum=3).connection() as connection:

            async def are_open() -> bool:
                query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                return bool(await connection.fetchval(query) == 3)

            await until(are_open)

    async def test_opens_no_more_than_its_maximum(self, open_pool: Open, database_url: str) -> None:
        pool = open_pool(database_url, minimum=9, maximum=3)
        assert len(set(await asyncio.gather(*(_ask(pool) for _ in range(20))))) <= 3

    async def test_replaces_one_that_died(self, open_pool: Open, proxy: Proxy) -> None:
        pool = open_pool(proxy.url)
        await _ask(pool)
        await proxy.stop()
        await proxy.start()
        with pytest.raises(Unavailable):  # it notices the loss at the next query
            async with pool.connection() as connection:
                await connection.fetchval("SELECT pg_terminate_backend(pg_backend_pid())")
        assert await _ask(pool)

    async def test_passes_the_connection_of_a_cancelled_waiter_on(
        self, open_pool: Open, database_url: str
    ) -> None:
        pool = open_pool(database_url, maximum=1)
        async with pool.connection():
            left, stays = (asyncio.create_task(_ask(pool)) for _ in range(2))
            await asyncio.wait({left}, timeout=0)
            left.cancel()
        assert await stays
        assert left.cancelled()

    async def test_never_hands_out_a_connection_in_a_transaction(
        self, open_pool: Open, database_url: str
    ) -> None:
        pool = open_pool(database_url, maximum=1)
        async with pool.connection() as connection:
            await connection.execute("BEGIN")
        async with pool.connection() as connection:
            assert not connection.is_in_transaction()
