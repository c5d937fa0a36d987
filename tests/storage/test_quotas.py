"""Quotas in Valkey: acquired atomically, refilled by the server's clock, deleted when full."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from api.cache.connection import Cache
from api.cache.quotas import give_back_quota, take_quota
from api.cache.token_buckets import Buckets
from api.settings.quotas import QuotaPolicy
from tests.kit.polling import until
from tests.kit.servers.fakes import StillClock

BURST, DAILY = QuotaPolicy("burst", 50, 3_600), QuotaPolicy("daily", 70, 86_400)


@pytest.fixture
async def cache(redis_url: str) -> AsyncIterator[Cache]:
    cache = Cache(redis_url)
    yield cache
    await cache.close()


class TestAQuota:
    async def test_lets_exactly_as_many_pass_as_it_has_of_a_crowd(self, cache: Cache, redis_url: str) -> None:
        other = Cache(redis_url)
        taken = await asyncio.gather(
            *(take_quota((cache, other)[number % 2], "a", [BURST], 1) for number in range(200))
        )
        await other.close()
        assert sum(answer is not None and answer.allowed for answer in taken) == 50

    async def test_is_counted_as_the_buckets_in_memory_are(self, cache: Cache) -> None:
        alone = Buckets([BURST, DAILY], StillClock().monotonic)
        for cost in (0, 1, 10, 0, 45, 39, 7, 1, 0, 21, 100):
            shared = await take_quota(cache, "a", [BURST, DAILY], cost)
            own = alone.take("a", cost)
            assert shared is not None
            assert (shared.allowed, shared.state[::2]) == (own.allowed, own.state[::2])
            for ours, theirs in zip(
                (*own.state[1::2], *own.wait_s), (*shared.state[1::2], *shared.wait_s), strict=True
            ):
                assert 0 <= ours - theirs <= 30  # time passes for the server only
            if cost == 45:
                alone.give_back("a", 12)
                await give_back_quota(cache, "a", [BURST, DAILY], 12)

    async def test_is_refilled_while_idle_and_then_deleted(self, cache: Cache) -> None:
        quick = QuotaPolicy("quick", 10, 1)
        assert (await take_quota(cache, "a", [quick], 10)) is not None

        async def some_back() -> bool:
            answer = await take_quota(cache, "a", [quick], 0)
            assert answer is not None
            return answer.state[0] > 0

        await until(some_back)

        async def forgotten() -> bool:
            return not await cache.call("EXISTS", "quota:a")

        await until(forgotten)

    async def test_is_given_back_up_to_full_and_never_made(self, cache: Cache) -> None:
        await give_back_quota(cache, "nobody", [BURST], 10)
        assert not await cache.call("EXISTS", "quota:nobody")
        await take_quota(cache, "a", [BURST], 5)
        await give_back_quota(cache, "a", [BURST], 49)
        answer = await take_quota(cache, "a", [BURST], 0)
        assert answer is not None
        assert answer.state[0] == 50

    async def test_that_was_made_smaller_holds_no_more_than_it_may(self, cache: Cache) -> None:
        await take_quota(cache, "a", [BURST], 1)
        answer = await take_quota(cache, "a", [BURST._replace(quota=20)], 1)
        assert answer is not None
        assert answer.state[0] == 19

    async def test_is_not_known_without_a_server(self) -> None:
        assert await take_quota(Cache(None), "a", [BURST], 1) is None
