"""Concurrent requests for an uncached object make one read, whichever client leaves."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from api.cache.single_flight import SingleFlight
from schemas.keys import Scope
from tests.kit.clients.api_client import Api, bearer
from tests.kit.databases import connected
from tests.kit.polling import until

CROWD = 100


@asynccontextmanager
async def held_table(api: Api, table: str) -> AsyncIterator[None]:
    """Reads of this table wait until the block ends."""
    async with connected(api.owner_url) as connection, connection.transaction():
        await connection.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield


async def waiting(api: Api) -> int:
    connection = await asyncpg.connect(api.owner_url)
    query = """SELECT count(*) FROM pg_stat_activity
               WHERE datname = current_database() AND wait_event_type = 'Lock'"""
    try:
        return int(await connection.fetchval(query))
    finally:
        await connection.close()


async def gets(api: Api) -> int:
    stats = (await api.runtime.cache.call("INFO", "commandstats") or b"").decode()
    found = re.search(r"^cmdstat_get:calls=(\d+)", stats, re.MULTILINE)
    return int(found[1]) if found else 0


async def until_one_waits(api: Api) -> None:
    async def any_waits() -> bool:
        return await waiting(api) > 0

    await until(any_waits)
    assert await waiting(api) == 1


class TestACrowd:
    @pytest.mark.parametrize("form", ["", ".html"])
    async def test_that_misses_a_document_makes_one_read(self, api: Api, form: str) -> None:
        path = f"/v1/stories/{await api.publish_story()}{form}"
        await api.forget_copies()
        before = await gets(api)
        async with held_table(api, "documents"):
            crowd = [asyncio.create_task(api.client.get(path)) for _ in range(CROWD)]
            await until_one_waits(api)
        answers = await asyncio.gather(*crowd)
        assert {(answer.status_code, answer.content) for answer in answers} == {(200, answers[0].content)}
        assert await gets(api) - before == 1

    async def test_with_one_key_looks_it_up_once(self, api: Api) -> None:
        path, key = f"/v1/stories/{await api.publish_story()}", await api.make_key(Scope.READ_STORIES)
        async with held_table(api, "api_keys"):
            crowd = [asyncio.create_task(api.client.get(path, headers=bearer(key))) for _ in range(CROWD)]
            await until_one_waits(api)
        answers = await asyncio.gather(*crowd)
        assert {answer.headers["ratelimit-policy"].count('"daily"') for answer in answers} == {
            1
        }  # now cached

    async def test_of_probes_makes_one_look(self, api: Api) -> None:
        async with held_table(api, "schema_migrations"):
            crowd = [asyncio.create_task(api.client.get("/readyz")) for _ in range(CROWD)]
            await until_one_waits(api)
        assert {(await call).status_code for call in crowd} == {200}


class TestAFlight:
    async def test_raises_the_same_for_all_and_is_over_then(self) -> None:
        single_flight, asked = SingleFlight(), 0
        gate = asyncio.Event()

        async def make() -> None:
            nonlocal asked
            asked += 1
            await gate.wait()
            raise LookupError("nothing there")

        crowd = [asyncio.create_task(single_flight.run("x", make)) for _ in range(3)]
        await asyncio.sleep(0)
        gate.set()
        assert [type(e) for e in await asyncio.gather(*crowd, return_exceptions=True)] == [LookupError] * 3
        assert asked == 1
        with pytest.raises(LookupError):
            await single_flight.run("x", make)
        assert asked == 2

    async def test_goes_on_when_the_first_of_its_crowd_leaves(self) -> None:
        single_flight, gate = SingleFlight(), asyncio.Event()

        async def make() -> str:
            await gate.wait()
            return "here"

        first = asyncio.create_task(single_flight.run("x", make))
        second = asyncio.create_task(single_flight.run("x", make))
        await asyncio.sleep(0)
        first.cancel()
        gate.set()
        assert await second == "here"
        with pytest.raises(asyncio.CancelledError):
            await first
