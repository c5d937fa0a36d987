"""The service for tests: the app in this process, the worker in this process or in its own."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import IO, Any

import httpx
from litestar import Litestar

from api import worker
from api.engines import ENGINES, EngineSpec
from api.pulse import Pulse
from api.settings import Settings
from tests.kit.clients.api_client import KEY, bearer
from tests.kit.polling import until
from tests.kit.servers.applications import application
from tests.kit.servers.lifespan import started
from tests.kit.servers.pooler import direct_setting
from tests.kit.servers.web_server import Site

FINISHED = {"succeeded", "failed", "cancelled"}


@dataclass
class Service:
    """`client` has a key with all scopes; `environment` is the worker's."""

    settings: Settings
    app: Litestar
    client: httpx.AsyncClient
    environment: dict[str, str]

    async def submit(self, url: str, **body: Any) -> dict[str, Any]:
        answer = await self.client.post("/v1/analyses", json={"url": url, **body})
        assert answer.status_code in (200, 202), answer.text
        return answer.json()

    async def finished(self, analysis_id: str, seconds: float = 240) -> dict[str, Any]:
        analysis: dict[str, Any] = {}

        async def over() -> bool:
            nonlocal analysis
            analysis = (await self.client.get(f"/v1/analyses/{analysis_id}")).json()
            return analysis["status"] in FINISHED

        await until(over, seconds)
        return analysis

    async def analyze(self, url: str, **body: Any) -> dict[str, Any]:
        return await self.finished((await self.submit(url, **body))["id"])

    async def story(self, id_or_slug: str) -> dict[str, Any]:
        answer = await self.client.get(f"/v1/stories/{id_or_slug}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def start_worker(self, log: IO[bytes] | int = subprocess.DEVNULL) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-m", "api.cli", "worker"],
            env=os.environ | self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
        )


def environment(
    database_url: str, redis_url: str | None, site: Site, hosts: Sequence[str], **more: str
) -> dict[str, str]:
    variables = {
        "UNSPUN_DATABASE_URL": database_url,
        "UNSPUN_BASE_URL": "http://unspun.test",
        "UNSPUN_ALLOW_LOOPBACK_FETCH": "true",
        "UNSPUN_FETCH_HOST_MAP": ",".join(f"{host}=127.0.0.1:{site.port}" for host in hosts),
        "UNSPUN_BOOTSTRAP_ADMIN_KEY": KEY,
        "UNSPUN_FETCH_DELAY_S": "0",
        "UNSPUN_HEARTBEAT_TIMEOUT_S": "2",
        "UNSPUN_LOG_LEVEL": "warning",
        "UNSPUN_POOL_MIN": "1",
        **direct_setting(database_url),
    }
    if redis_url:
        variables["UNSPUN_REDIS_URL"] = redis_url
    return variables | more


@asynccontextmanager
async def running_service(
    database_url: str,
    redis_url: str | None,
    site: Site,
    *,
    hosts: Sequence[str] = (),
    with_worker: bool = True,
    engines: Sequence[EngineSpec] = ENGINES,
    pulse: Pulse | None = None,
    **more: str,
) -> AsyncIterator[Service]:
    variables = environment(database_url, redis_url, site, hosts, **more)
    settings = Settings.from_environment(variables)
    stop = asyncio.Event()
    async with AsyncExitStack() as stack:
        app = stack.enter_context(application(variables))
        await stack.enter_async_context(started(app))
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)  # type: ignore[arg-type]  # same protocol
        client = await stack.enter_async_context(
            httpx.AsyncClient(
                transport=transport, base_url="http://unspun.test", headers=bearer(KEY), timeout=60
            )
        )
        working = (
            asyncio.create_task(worker.run(settings, stop=stop, engines=engines, pulse=pulse))
            if with_worker
            else None
        )
        try:
            yield Service(settings=settings, app=app, client=client, environment=variables)
        finally:
            stop.set()
            if working is not None:
                await working
