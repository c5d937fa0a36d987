"""Quotas across processes, during an outage of Valkey, and for pages that cannot be fetched."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.kit.clients.api_client import KEY, bearer
from tests.kit.clients.rate_limit import left
from tests.kit.polling import until
from tests.kit.servers.api_process import api_process
from tests.kit.servers.proxy import Proxy
from tests.kit.servers.service import environment
from tests.kit.servers.web_server import Reply, Site

HOST = "news.brightwater.example"


@asynccontextmanager
async def _processes(
    count: int, folder: Path, variables: Mapping[str, str]
) -> AsyncIterator[list[httpx.AsyncClient]]:
    async with AsyncExitStack() as stack:
        started = [
            await stack.enter_async_context(api_process(log=folder / f"{n}", **variables))
            for n in range(count)
        ]
        yield [process.client for process in started]


class TestACrowdOnTwoProcesses:
    async def test_gets_exactly_the_keys_quota(
        self, database_url: str, redis_url: str, site: Site, tmp_path: Path
    ) -> None:
        variables = environment(database_url, redis_url, site, [], UNSPUN_KEY_QUOTAS="burst=50/3600")
        async with _processes(2, tmp_path, variables) as clients:
            answers = await asyncio.gather(
                *(clients[number % 2].get("/v1/taxonomy", headers=bearer(KEY)) for number in range(200))
            )
            codes = [answer.status_code for answer in answers]
            assert (codes.count(200), codes.count(429)) == (50, 150)
            assert all(int(answer.headers.get("retry-after", 1)) > 0 for answer in answers)
            for client in clients:
                assert left(await client.get("/v1/usage", headers=bearer(KEY)))["burst"]["r"] == 0


class TestValkeyTakenAwayInTheMiddle:
    async def test_costs_no_request_its_answer(
        self, service: Callable[..., Any], site: Site, cache_proxy: Proxy
    ) -> None:
        options = {
            "with_worker": False,
            "UNSPUN_REDIS_URL": cache_proxy.url,
            "UNSPUN_KEY_QUOTAS": "burst=10000000/3600",
            "UNSPUN_MAX_OPEN_ANALYSES": "100000",
        }
        async with service(**options) as running:
            seen: list[httpx.Response] = []
            over = asyncio.Event()

            async def go_on(number: int) -> None:
                while not over.is_set():
                    if number == 0:
                        call = running.client.post("/v1/analyses", json={"text": f"{len(seen)}"})
                    else:
                        # uses the database: responses from memory never yield to other tasks
                        call = running.client.get("/v1/stories")
                    seen.append(await call)

            async def answered(*, with_headers: bool) -> None:
                """Wait until a read and a submission had RateLimit headers, or had none."""
                since = len(seen)

                async def both() -> bool:
                    codes = {
                        one.status_code
                        for one in seen[since:]
                        if ("ratelimit" in one.headers) is with_headers
                    }
                    return codes >= {200, 202}

                await until(both, 30)

            async with asyncio.TaskGroup() as callers:
                for number in range(4):
                    callers.create_task(go_on(number))
                try:
                    await answered(with_headers=True)
                    await cache_proxy.stop()
                    await answered(with_headers=False)
                    await cache_proxy.start()
                    await answered(with_headers=True)
                    cache_proxy.freeze()  # a frozen server refuses nothing
                    await answered(with_headers=False)
                    cache_proxy.thaw()
                    await answered(with_headers=True)
                finally:
                    over.set()
            assert {answer.status_code for answer in seen} == {200, 202}


class TestAPageThatCannotBeFetched:
    async def test_costs_its_submitter_nothing(self, service: Callable[..., Any], site: Site) -> None:
        missing = site.put(HOST, "/missing", Reply(b"", status=404))
        async with service(hosts=[HOST], UNSPUN_KEY_QUOTAS="burst=100/3600") as running:
            created = await running.submit(missing)
            assert left(await running.client.get("/v1/usage"))["burst"]["r"] == 90

            async def given_back() -> bool:
                return left(await running.client.get("/v1/usage"))["burst"]["r"] == 100

            await until(given_back, 60)  # the worker loads a language model first
            analysis = (await running.client.get(f"/v1/analyses/{created['id']}")).json()
            assert analysis["error"]["type"].endswith("/site-answered-error")
