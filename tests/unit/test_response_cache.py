"""The response cache: never more bytes than its budget, nothing that has changed, one build for a crowd."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.cache.response_cache import Built, ResponseCache
from api.cache.single_flight import SingleFlight
from api.errors import Unavailable

NAMES = st.integers(0, 9).map(str)
ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), NAMES, st.integers(0, 120), st.sets(st.sampled_from("abc"))),
        st.tuples(st.just("get"), NAMES, st.none(), st.none()),
        st.tuples(st.just("drop"), NAMES, st.none(), st.none()),
        st.tuples(st.just("tag"), st.sampled_from("abc"), st.none(), st.none()),
        st.tuples(st.just("clear"), NAMES, st.none(), st.none()),
    ),
    max_size=60,
)


class ManualClock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def cache_of(max_bytes: int, clock: ManualClock | None = None) -> ResponseCache[Any]:
    return ResponseCache(max_bytes, SingleFlight(), clock or ManualClock())


class TestResponseCache:
    def test_forgets_what_was_asked_for_longest_ago(self) -> None:
        cache: ResponseCache[str] = cache_of(30)
        for name in ("a", "b", "c"):
            cache.put(name, name, 10)
        assert cache.get("a") == "a"
        cache.put("d", "d", 10)
        assert [cache.get(name) for name in ("a", "b", "c", "d")] == ["a", None, "c", "d"]

    def test_holds_nothing_that_is_larger_than_it_may_be(self) -> None:
        cache: ResponseCache[str] = cache_of(30)
        cache.put("a", "small", 10)
        cache.put("a", "large", 31)
        assert cache.get("a") is None
        assert cache_of(0).get("a") is None

    @given(ACTIONS)
    def test_is_a_dictionary_without_what_went(self, actions: list[tuple[str, str, int, set[str]]]) -> None:
        cache: ResponseCache[int] = cache_of(300)
        model: dict[str, tuple[int, int, set[str]]] = {}  # the order is that of use
        for number, (action, name, size, tags) in enumerate(actions):
            if action == "put":
                cache.put(name, number, size, tags)
                model.pop(name, None)
                model[name] = (number, size, tags)
                while sum(size for _, size, _ in model.values()) > 300:
                    del model[next(iter(model))]
            elif action == "get":
                assert cache.get(name) == (model[name][0] if name in model else None)
                if name in model:
                    model[name] = model.pop(name)
            elif action == "drop":
                cache.drop(name)
                model.pop(name, None)
            elif action == "tag":
                cache.drop_tagged(name)
                model = {key: held for key, held in model.items() if name not in held[2]}
            else:
                cache.clear()
                model.clear()
            assert cache.size == sum(size for _, size, _ in model.values()) <= 300
            assert len(cache) == len(model)


class TestGetOrBuild:
    """A value costs one build for its lifetime, and nothing built before `clear` is served after it."""

    async def test_builds_once_for_a_crowd_and_again_after_the_lifetime(self) -> None:
        clock, builds = ManualClock(), 0
        cache = cache_of(100, clock)

        async def build() -> Built[int]:
            nonlocal builds
            builds += 1
            await asyncio.sleep(0)
            return Built(builds, 10, lifetime_s=5.0)

        assert (await asyncio.gather(*(cache.get_or_build("a", build) for _ in range(9)))) == [1] * 9
        clock.now = 4.9
        assert await cache.get_or_build("a", build) == 1
        clock.now = 5.0
        assert await cache.get_or_build("a", build) == 2

    async def test_serves_an_expired_value_only_if_none_can_be_built(self) -> None:
        clock = ManualClock()
        cache = cache_of(100, clock)

        async def build() -> Built[str]:
            return Built("old", 10, lifetime_s=1.0)

        async def fail() -> Built[str]:
            raise Unavailable("The database is away.")

        with pytest.raises(Unavailable):
            await cache.get_or_build("a", fail)
        await cache.get_or_build("a", build)
        clock.now = 2.0
        assert await cache.get_or_build("a", fail) == "old"
        cache.clear()
        with pytest.raises(Unavailable):
            await cache.get_or_build("a", fail)

    async def test_neither_stores_nor_shares_what_was_begun_before_clear(self) -> None:
        cache, gate = cache_of(100), asyncio.Event()

        async def build_slowly() -> Built[str]:
            await gate.wait()
            return Built("before", 10)

        async def build() -> Built[str]:
            return Built("after", 10)

        early = asyncio.create_task(cache.get_or_build("a", build_slowly))
        await asyncio.sleep(0)
        cache.clear()
        assert await asyncio.create_task(cache.get_or_build("a", build)) == "after"
        gate.set()
        assert await early == "before"
        assert cache.get("a") == "after"
