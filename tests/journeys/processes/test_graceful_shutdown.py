"""Graceful shutdown: no request fails, and no started work is lost."""

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing, suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from api import worker
from api.settings import Settings
from tests.kit.clients.api_client import KEY, bearer
from tests.kit.polling import until, until_status
from tests.kit.servers.api_process import ApiProcess, api_process
from tests.kit.servers.web_server import Reply, Site
from tests.kit.texts.pages import article_page

HOST = "wire.lanternfield.example"
CLIENTS = 4
SOON_S = 0.2  # less than the server waits for requests on open connections


class Balancer:
    """Sends each request to the next ready process, and checks readiness five times a second."""

    def __init__(self, apis: list[ApiProcess]) -> None:
        self._clients = [httpx.AsyncClient(base_url=api.url, timeout=30, trust_env=False) for api in apis]
        self._probes = [httpx.AsyncClient(base_url=api.url, timeout=5, trust_env=False) for api in apis]
        self._ready = [True] * len(apis)
        self._turn = 0
        self.statuses: list[int] = []
        self.failures: list[str] = []

    @asynccontextmanager
    async def under_load(self) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(self._look(n)) for n in range(len(self._probes))]
        tasks += [asyncio.create_task(self._ask()) for _ in range(CLIENTS)]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for client in (*self._clients, *self._probes):
                await client.aclose()

    async def _look(self, number: int) -> None:
        while True:
            self._ready[number] = await _is_ready(self._probes[number])
            await asyncio.sleep(0.2)

    async def _ask(self) -> None:
        paths = ("/v1/stories", "/v1/taxonomy", "/v1/claims?limit=5", "/livez")
        while True:
            self._turn += 1
            ready = [client for client, good in zip(self._clients, self._ready, strict=True) if good]
            client, path = ready[self._turn % len(ready)], paths[self._turn % len(paths)]
            try:
                self.statuses.append((await client.get(path)).status_code)
            except httpx.TransportError as failed:
                self.failures.append(f"{path}: {failed!r}")
            await asyncio.sleep(0.01)


async def _is_ready(client: httpx.AsyncClient) -> bool:
    with suppress(httpx.TransportError):
        return (await client.get("/readyz")).status_code == 200
    return False


class TestARollingRestart:
    @pytest.mark.slow
    async def test_fails_no_request(self, database_url: str) -> None:
        async with (
            api_process(UNSPUN_DATABASE_URL=database_url) as one,
            api_process(UNSPUN_DATABASE_URL=database_url) as two,
        ):
            balancer = Balancer([one, two])
            async with balancer.under_load():
                for api in (one, two):
                    served, began = len(balancer.statuses), time.monotonic()
                    assert await api.stop() == 0
                    assert time.monotonic() - began < 30
                    assert len(balancer.statuses) > served
                    await api.start()
            assert balancer.failures == []
            assert set(balancer.statuses) == {200}


async def _ask_until_refused(port: int) -> int:
    """Send requests on new connections until none can be opened. Returns the number without a response.

    A connection on which this process, on a busy machine, was late to send its request is not counted: the
    server closes connections without one.
    """
    cut = 0
    while True:
        began = time.monotonic()
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return cut
        with closing(writer), suppress(OSError):
            writer.write(b"GET /v1/taxonomy HTTP/1.1\r\nHost: unspun.test\r\nConnection: close\r\n\r\n")
            is_late = time.monotonic() - began > SOON_S
            answer = await reader.read()
            cut += not is_late and not answer.startswith(b"HTTP/1.1 ")
            continue
        cut += not is_late


class TestTheAPI:
    @pytest.mark.skipif(
        sys.platform != "linux", reason="elsewhere the HTTP server closes what it has not read"
    )
    async def test_responds_to_all_accepted_requests(self, database_url: str) -> None:
        async with api_process(
            UNSPUN_DATABASE_URL=database_url, UNSPUN_LEAVE_NOTICE_S="0", UNSPUN_ADDRESS_QUOTAS="none"
        ) as api:
            senders = [asyncio.create_task(_ask_until_refused(api.port)) for _ in range(100)]
            for _ in range(50):  # during those requests
                assert (await api.client.get("/v1/taxonomy")).status_code == 200
            assert await api.stop() == 0
            assert sum(await asyncio.gather(*senders)) == 0

    async def test_becomes_unready_at_once_and_ends_long_polls(
        self, database_url: str, tmp_path: Path
    ) -> None:
        async with api_process(
            log=tmp_path / "log",
            UNSPUN_DATABASE_URL=database_url,
            UNSPUN_LEAVE_NOTICE_S="5",
            UNSPUN_LOG_LEVEL="warning",
            UNSPUN_BASE_URL="https://spin.brightwater.example",
        ) as api:
            assert "proxies_not_named" in (tmp_path / "log").read_text()
            async with httpx.AsyncClient(
                base_url=api.url, headers=bearer(KEY), timeout=30, trust_env=False
            ) as client:
                waiting = asyncio.create_task(
                    client.post("/v1/analyses", json={"text": "Forty roles."}, headers={"Prefer": "wait=30"})
                )

                async def accepted() -> bool:
                    return bool((await client.get("/v1/stories")).status_code == 200 and not waiting.done())

                await until(accepted)
                stopped = asyncio.create_task(api.stop())
                await until_status(503, client, "/readyz", 3)
                last = await client.get("/v1/taxonomy")
                assert last.status_code == 200  # clients that have not noticed are still served
                assert last.headers["connection"] == "close"
                # the HTTP server's own, RFC 9110 section 6.6.1
                assert parsedate_to_datetime(last.headers["date"]) <= datetime.now(UTC)
                assert (await waiting).status_code == 202
            assert await stopped == 0


# The signal handling of a worker alone.
TOLD_TWICE = """
import asyncio, os, signal
from api.worker import _stop_on_signals

async def main():
    stop = asyncio.Event()
    _stop_on_signals(stop)
    os.kill(os.getpid(), signal.SIGTERM)
    await stop.wait()
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.sleep(60)

asyncio.run(main())
"""


class TestAWorker:
    def test_ends_at_once_on_a_second_signal(self) -> None:
        assert subprocess.run([sys.executable, "-c", TOLD_TWICE], check=False, timeout=30).returncode == 1

    async def test_finishes_what_it_began_and_takes_nothing_new(
        self, service: Callable[..., Any], site: Site
    ) -> None:
        asked, answer = asyncio.Event(), asyncio.Event()

        async def slow(_: str) -> Reply:
            asked.set()
            await answer.wait()
            return Reply(article_page())

        site.put(HOST, "/slow", slow)
        site.put(HOST, "/next", article_page(title="A second turbine"))
        async with service(
            hosts=[HOST], with_worker=False, UNSPUN_WORKER_CONCURRENCY="1", UNSPUN_FETCH_TIMEOUT_S="20"
        ) as running:
            begun = await running.submit(f"http://{HOST}/slow")
            process = running.start_worker()
            try:
                await asyncio.wait_for(asked.wait(), 60)
                process.send_signal(signal.SIGTERM)
                later = await running.submit(f"http://{HOST}/next")
                answer.set()
                assert (await running.finished(begun["id"]))["status"] == "succeeded"
                assert await asyncio.to_thread(process.wait, 30) == 0
                assert (await running.client.get(f"/v1/analyses/{later['id']}")).json()["status"] == "queued"
            finally:
                process.kill()
                process.wait()

    async def test_gives_back_at_once_what_it_could_not_finish(
        self, service: Callable[..., Any], site: Site
    ) -> None:
        asked = asyncio.Event()

        async def endless(_: str) -> Reply:
            asked.set()
            return Reply(hold=True)

        site.put(HOST, "/endless", endless)
        patience = {"UNSPUN_FETCH_TIMEOUT_S": "60", "UNSPUN_HEARTBEAT_TIMEOUT_S": "3600"}
        async with service(hosts=[HOST], with_worker=False, UNSPUN_WORKER_STOP_S="0", **patience) as running:
            begun = await running.submit(f"http://{HOST}/endless")
            async with _working(running.settings):
                await asyncio.wait_for(asked.wait(), 60)
            assert (await running.client.get(f"/v1/analyses/{begun['id']}")).json()["status"] == "queued"
            site.put(HOST, "/endless", article_page())
            async with _working(running.settings):
                end = await running.finished(begun["id"])
        assert (end["status"], end["tries"]) == ("succeeded", 2)


@asynccontextmanager
async def _working(settings: Settings) -> AsyncIterator[None]:
    """A worker that is stopped at the end of the block."""
    stop = asyncio.Event()
    working = asyncio.create_task(worker.run(settings, stop=stop))
    try:
        yield
    finally:
        stop.set()
        await working
