"""The failover drill: the primary dies under load, the standby takes over, nothing acknowledged is lost."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from api.operations.database.prepare_database import prepare_database
from api.storage.database.pool import AWAY
from tests.kit.clients.api_client import KEY, bearer
from tests.kit.databases import connected
from tests.kit.polling import until
from tests.kit.servers.api_process import api_process, start_command
from tests.kit.servers.standby import Pair, running_pair
from tests.kit.servers.web_server import Reply, Site
from tests.kit.texts.pages import article_page

pytestmark = pytest.mark.failover
HOST = "wire.lanternfield.example"
USER, PASSWORD = "unspun", "0nly-f0r-this-drill"
CLIENTS = 4
BEFORE, AFTER = (
    25,
    25,
)  # acknowledged submissions before the primary is killed, and after the standby takes over
NOTICED_AFTER_S = 3  # the time that a watchdog needs; the service refuses requests meanwhile
BACK_WITHIN_S = 15
EVENTS = "SELECT sequence, id FROM events ORDER BY sequence"


@dataclass
class Load:
    """Clients that submit page after page, each until it is accepted, and one that reads the log."""

    url: str
    answered: dict[str, str] = field(default_factory=dict)  # submitted URL: its analysis
    refusals: list[int] = field(default_factory=list)
    seen: dict[int, str] = field(default_factory=dict)  # events, by number
    longest_s: float = 0.0
    numbers: int = 0
    last_answer: float = 0.0
    resumed: float | None = None
    killed: float | None = None
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def check(self) -> None:
        for task in self.tasks:
            if task.done():
                task.result()

    async def submit(self) -> None:
        async with httpx.AsyncClient(
            base_url=self.url, headers=bearer(KEY), timeout=30, trust_env=False
        ) as client:
            while True:
                self.numbers += 1
                page = f"http://{HOST}/{self.numbers}"
                key = {"Idempotency-Key": f'"page-{self.numbers}"'}
                while page not in self.answered:
                    began = time.monotonic()
                    answer = await client.post("/v1/analyses", json={"url": page}, headers=key)
                    self.longest_s = max(self.longest_s, time.monotonic() - began)
                    if answer.status_code in (200, 202):
                        self.answered[page] = answer.json()["id"]
                        if self.killed and self.resumed is None and began > self.killed:
                            self.resumed = time.monotonic()
                    else:
                        assert answer.status_code in (409, 503), answer.text
                        self.refusals.append(answer.status_code)
                    await asyncio.sleep(0.2)

    async def watch(self, url: str) -> None:
        while True:
            with suppress(*AWAY):
                connection = await asyncpg.connect(url, timeout=2)
                try:
                    while True:
                        self.seen |= dict(await connection.fetch(EVENTS, timeout=2))
                        await asyncio.sleep(0.02)
                finally:
                    connection.terminate()
            await asyncio.sleep(0.05)


@asynccontextmanager
async def _under(load: Load, database_url: str) -> AsyncIterator[None]:
    load.tasks = tasks = [asyncio.create_task(load.submit()) for _ in range(CLIENTS)]
    tasks.append(asyncio.create_task(load.watch(database_url)))
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
def pair() -> Any:
    with running_pair() as pair:
        yield pair


class TestAPrimaryThatDies:
    async def test_loses_nothing_acknowledged_without_restarts(
        self, pair: Pair, redis_url: str, tmp_path: Path
    ) -> None:
        url = pair.url(USER, PASSWORD)
        await prepare_database(pair.owner_url, url)
        await pair.wait_for_standby()
        async with (
            Site() as site,
            api_process(
                UNSPUN_DATABASE_URL=url, UNSPUN_REDIS_URL=redis_url, UNSPUN_MAX_OPEN_ANALYSES="100000"
            ) as api,
        ):
            site.put(HOST, "*", lambda target: Reply(article_page(title=f"Turbine {target}", host=HOST)))
            worker = start_command("worker", _worker_settings(url, redis_url, site), tmp_path / "worker.log")
            load = Load(api.url)
            try:
                async with _under(load, url):
                    await until(_answered(load, BEFORE), 90)
                    await until(_seen(load, 3), 120)
                    before, seen = len(load.answered), len(load.seen)
                    load.killed = time.monotonic()
                    pair.kill_primary()
                    await asyncio.sleep(NOTICED_AFTER_S)
                    await pair.promote()
                    promoted = time.monotonic() - load.killed
                    await until(_answered(load, before + AFTER), 90)
                    await until(_seen(load, seen + 2), 90)
                assert api.process.poll() is None
                assert worker.poll() is None
            finally:
                worker.terminate()
                worker.wait(40)
            assert load.resumed is not None
            back = load.resumed - load.killed
            print(
                f"\nfailover: promoted after {promoted:.1f} s, first answer to a write after {back:.1f} s; "
                f"{before} answered before and {len(load.answered) - before} after; "
                f"refused meanwhile {len(load.refusals)}; longest request {load.longest_s:.1f} s; "
                f"{len(load.seen)} events seen"
            )
            assert load.refusals
            assert back < BACK_WITHIN_S
            await _nothing_is_lost(load, url)


def _worker_settings(url: str, redis_url: str, site: Site) -> dict[str, str]:
    return {
        "UNSPUN_DATABASE_URL": url,
        "UNSPUN_REDIS_URL": redis_url,
        "UNSPUN_ALLOW_LOOPBACK_FETCH": "true",
        "UNSPUN_FETCH_HOST_MAP": f"{HOST}=127.0.0.1:{site.port}",
        "UNSPUN_FETCH_DELAY_S": "0",
        "UNSPUN_HEARTBEAT_TIMEOUT_S": "2",
        "UNSPUN_LOG_LEVEL": "error",
    }


async def _nothing_is_lost(load: Load, url: str) -> None:
    async with connected(url) as connection:
        stored = dict(await connection.fetch("SELECT submitted_url, id FROM analyses"))
        assert {page: stored.get(page) for page in load.answered} == load.answered
        assert await connection.fetchval("SELECT count(*) - count(DISTINCT submitted_url) FROM analyses") == 0
        events = dict(await connection.fetch(EVENTS))
        assert {number: events.get(number) for number in load.seen} == load.seen
        assert list(events) == list(range(1, len(events) + 1))  # without a gap


def _answered(load: Load, wanted: int) -> Callable[[], Any]:
    async def reached() -> bool:
        load.check()
        return len(load.answered) >= wanted

    return reached


def _seen(load: Load, wanted: int) -> Callable[[], Any]:
    async def reached() -> bool:
        load.check()
        return len(load.seen) >= wanted

    return reached
