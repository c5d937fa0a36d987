"""PostgreSQL on a disk that is temporarily full: nothing accepted is lost, and no response is a 500."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from api.embedded import EmbeddedServers
from api.operations.database.prepare_database import prepare_database
from tests.conftest import as_user
from tests.kit.polling import until
from tests.kit.servers.service import Service, running_service
from tests.kit.servers.small_disk import fill, small_disk
from tests.kit.servers.web_server import Site

pytestmark = pytest.mark.slow

SIZE_MB = 120
USER, PASSWORD = "unspun_small", "Th1s-0ne-only-f0r-tests"
FULL_S, SENDERS = 20, 4


@pytest.fixture
def disk() -> Iterator[Path]:
    with small_disk(SIZE_MB) as disk:
        yield disk


@pytest.fixture
async def servers(disk: Path) -> AsyncIterator[EmbeddedServers]:
    with EmbeddedServers(disk / "data") as servers:
        yield servers


class TestAFullDisk:
    async def test_costs_nothing_that_was_accepted(
        self, disk: Path, servers: EmbeddedServers, site: Site
    ) -> None:
        app_url = as_user(servers.database_url, USER, PASSWORD)
        await prepare_database(servers.database_url, app_url)
        quotas = {"UNSPUN_KEY_QUOTAS": "burst=10000000/3600", "UNSPUN_MAX_OPEN_ANALYSES": "100000"}
        fast = {"UNSPUN_ENGINE_PROFILE": "fast"}
        async with running_service(app_url, servers.redis_url, site, **quotas, **fast) as service:
            accepted, codes, over = [], Counter[int](), asyncio.Event()

            async def send(sender: int) -> None:
                for number in range(1_000_000):
                    if over.is_set():
                        return
                    text = f"Sender {sender} writes draft {number}. " + "It has words. " * 300
                    answer = await service.client.post("/v1/analyses", json={"text": text})
                    codes[answer.status_code] += 1
                    if answer.status_code == 202:
                        accepted.append(answer.json()["id"])
                    elif answer.status_code == 503:
                        assert int(answer.headers["retry-after"]) > 0
                        await asyncio.sleep(0.05)

            sending = [asyncio.create_task(send(sender)) for sender in range(SENDERS)]
            await until(lambda: _have(accepted, 10), 60)
            ballast = fill(disk)
            await until(lambda: _refused(codes), 120)
            assert (await service.client.get("/readyz")).status_code in (200, 503)
            with suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), FULL_S)
            ballast.unlink()
            over.set()
            await asyncio.gather(*sending)
            assert set(codes) <= {202, 503}, codes
            await _all_ended(service, accepted)


async def _have(accepted: list[str], count: int) -> bool:
    return len(accepted) >= count


async def _refused(codes: Counter[int]) -> bool:
    return codes[503] > 0


async def _all_ended(service: Service, accepted: list[str]) -> None:
    for analysis_id in accepted:
        with suppress(httpx.HTTPError):
            end = await service.finished(analysis_id, 240)
        assert end["status"] == "succeeded", end
