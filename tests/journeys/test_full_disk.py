"""PostgreSQL on a disk that is full for a while: nothing that was accepted is lost, and nothing is a 500."""

import asyncio
import subprocess
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from api.embedded import EmbeddedServers
from api.operations.prepare_database import prepare_database
from tests.conftest import as_user
from tests.service import Service, running_service
from tests.site import Site
from tests.waiting import until

pytestmark = pytest.mark.slow

SIZE_MB = 120
LEFT_KB = 400  # for a checkpoint, not for the load
USER, PASSWORD = "unspun_small", "Th1s-0ne-only-f0r-tests"
FULL_S, SENDERS = 20, 4


@pytest.fixture
def disk() -> Iterator[Path]:
    """A file system of its own, which the account of the embedded PostgreSQL can reach."""
    folder = Path(tempfile.mkdtemp(prefix="unspun-small-disk-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m,mode=755", "tmpfs", folder], check=False
    )
    if mounted.returncode:
        folder.rmdir()
        pytest.skip("only root may mount a small file system")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)
    folder.rmdir()


@pytest.fixture
async def servers(disk: Path) -> AsyncIterator[EmbeddedServers]:
    with EmbeddedServers(disk / "data") as servers:
        yield servers


def _fill(disk: Path) -> Path:
    """A file that leaves so much and no more."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"\0" * 4096)
    with ballast.open("r+b") as file:
        file.truncate(ballast.stat().st_size - LEFT_KB * 1024)
    return ballast


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
            ballast = _fill(disk)
            await until(lambda: _refused(codes), 120)
            ready = await service.client.get("/readyz")
            assert ready.status_code in (200, 503)
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
