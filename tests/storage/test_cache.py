"""Valkey commands in sequence on one connection, and outages."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
import redis.asyncio

from api.cache.connection import Cache, Script
from tests.kit.polling import until
from tests.kit.servers.fakes import StillClock
from tests.kit.servers.proxy import Proxy, through_proxy

FIRST = Script("return {KEYS[1], ARGV[1]}")


@pytest.fixture
async def proxy(redis_url: str) -> AsyncIterator[Proxy]:
    async with through_proxy(redis_url) as proxy:
        yield proxy


@pytest.fixture
def clock() -> StillClock:
    """The clock for reconnecting."""
    return StillClock()


@pytest.fixture
async def cache(proxy: Proxy, clock: StillClock) -> AsyncIterator[Cache]:
    cache = Cache(proxy.url, clock.monotonic)
    yield cache
    await cache.close()


class TestWithoutAServer:
    async def test_gives_none_where_there_is_none(self) -> None:
        cache = Cache(None)
        assert await cache.call("PING") is None
        assert not cache.up

    async def test_gives_none_at_once_where_it_refuses_connections(self) -> None:
        cache = Cache("redis://127.0.0.1:1/0")
        began = time.monotonic()
        assert await asyncio.gather(*(cache.call("PING") for _ in range(100))) == [None] * 100
        assert time.monotonic() - began < 5  # far below a hundred time limits, even on a busy machine
        assert not cache.up
        await cache.close()

    async def test_waits_a_second_for_one_that_is_silent_and_no_more_after_that(
        self, cache: Cache, proxy: Proxy
    ) -> None:
        assert await cache.call("PING") == b"PONG"
        proxy.freeze()
        began = time.monotonic()
        assert await asyncio.gather(*(cache.call("PING") for _ in range(100))) == [None] * 100
        assert 0.7 < time.monotonic() - began < 8
        began = time.monotonic()
        assert await cache.call("PING") is None
        assert time.monotonic() - began < 0.5

    async def test_finds_it_again(self, cache: Cache, proxy: Proxy, clock: StillClock) -> None:
        assert await cache.call("SET", "a", 1) == b"OK"
        await proxy.stop()
        assert await cache.call("GET", "a") is None
        await proxy.start()
        assert await cache.call("GET", "a") is None  # not reconnected yet
        clock.advance(1.01)
        assert await asyncio.gather(*(cache.call("GET", "a") for _ in range(3))) == [b"1", None, None]
        assert await cache.call("GET", "a") == b"1"

    async def test_notices_a_connection_that_was_closed_while_nobody_asked(self, redis_url: str) -> None:
        cache = Cache(redis_url)
        number = await cache.call("CLIENT", "ID")
        async with redis.asyncio.from_url(redis_url) as other:
            await other.client_kill_filter(_id=number)

        async def answers() -> bool:
            return await cache.call("PING") is not None

        await until(answers, 5)
        await cache.close()


class TestCommands:
    async def test_are_answered_each_with_its_own(self, cache: Cache) -> None:
        answers = await asyncio.gather(*(cache.call("ECHO", f"{n}" * 1_000) for n in range(500)))
        assert answers == [f"{n}".encode() * 1_000 for n in range(500)]

    async def test_of_those_who_leave_take_no_answer_of_others(self, cache: Cache) -> None:
        calls = [asyncio.create_task(cache.call("ECHO", str(n))) for n in range(100)]
        await asyncio.sleep(0)
        for call in calls[::2]:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)
        assert [await call for call in calls[1::2]] == [str(n).encode() for n in range(1, 100, 2)]
        assert await cache.call("ECHO", "later") == b"later"

    async def test_wait_for_a_process_that_was_busy_itself(self, cache: Cache) -> None:
        """The process's own delay must not count as an outage: quotas would then be local, and too generous."""
        await cache.call("PING")
        call = asyncio.create_task(cache.call("PING"))
        await asyncio.sleep(0)
        began = time.monotonic()
        while time.monotonic() - began < 1.3:  # longer than the timeout
            pass
        assert await call == b"PONG"

    async def test_that_the_server_refuses_give_none(self, cache: Cache) -> None:
        assert await cache.call("NOTHING") is None


class TestAScript:
    async def test_is_run_whether_the_server_knows_it_or_not(self, cache: Cache) -> None:
        await cache.call("SCRIPT", "FLUSH")
        for _ in range(2):
            assert await cache.run(FIRST, ["k"], [7]) == [b"k", b"7"]

    async def test_that_is_wrong_gives_none(self, cache: Cache) -> None:
        assert await cache.run(Script("return nothing.at_all"), [], []) is None
