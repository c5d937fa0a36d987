"""The soak: 200 reads and 2 analyses a second; exit code 1 if one fails or anything grows.

Starts and stops embedded servers, API, worker, and a site on loopback. The first quarter is the warm-up; growth
is measured from the second quarter to the last.
"""

import argparse
import asyncio
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from api.embedded import EmbeddedServers
from api.operations.database.prepare_database import prepare_database
from api.settings import Settings
from tests.conftest import as_user
from tests.kit.databases import connected
from tests.kit.polling import until
from tests.kit.servers.api_process import ApiProcess, api_process, start_command
from tests.kit.servers.web_server import Site
from tests.soak.client import Client
from tests.soak.load import HOST, page, reads, submissions
from tests.soak.report import Figures, report
from tests.soak.samples import Course, connections, take

SAMPLE_INTERVAL_S = 5.0
DRAIN_S = 300.0  # for analyses that a busy machine left behind
POOL_MAX = 10
# Analyses by final status; drafts belong to no story.
ENDS = "SELECT status, count(*) FROM analysis_jobs GROUP BY status"


@dataclass
class Running:
    api: ApiProcess
    worker: "subprocess.Popen[bytes]"
    owner_url: str


@asynccontextmanager
async def _service(folder: Path) -> AsyncIterator[Running]:
    with EmbeddedServers(None) as servers:
        owner_url = servers.database_url
        url = as_user(owner_url, "unspun", "0nly-f0r-the-s0ak")
        await prepare_database(owner_url, url)
        async with Site() as site:
            site.put(HOST, "*", page)
            settings = {
                "UNSPUN_DATABASE_URL": url,
                "UNSPUN_REDIS_URL": servers.redis_url,
                "UNSPUN_ALLOW_LOOPBACK_FETCH": "true",
                "UNSPUN_FETCH_HOST_MAP": f"{HOST}=127.0.0.1:{site.port}",
                "UNSPUN_FETCH_DELAY_S": "0",
                "UNSPUN_MAX_OPEN_ANALYSES": "1000000",
                # all clients share one address and one key; high, so that they are still counted
                "UNSPUN_ADDRESS_QUOTAS": "burst=100000000/60",
                "UNSPUN_KEY_QUOTAS": "burst=100000000/60",
                "UNSPUN_LOG_LEVEL": "error",
                "UNSPUN_POOL_MAX": str(POOL_MAX),
            }
            seeding = start_command("seed", settings, folder / "seed.log")
            if await asyncio.to_thread(seeding.wait, 600):
                raise RuntimeError((folder / "seed.log").read_text())
            worker = start_command("worker", settings, folder / "worker.log")
            try:
                # at the default log level
                async with api_process(
                    log=folder / "api.log", **(settings | {"UNSPUN_LOG_LEVEL": "info"})
                ) as api:
                    yield Running(api, worker, owner_url)
            finally:
                worker.terminate()
                await asyncio.to_thread(worker.wait, 60)


async def _sample(running: Running, courses: dict[str, Course]) -> None:
    while True:
        for name, pid in (("API", running.api.process.pid), ("worker", running.worker.pid)):
            sample = take(pid)
            for measure, unit, value in (
                ("memory", "MB", sample.memory_mb),
                ("descriptors", "", sample.descriptors),
                ("processes", "", sample.processes),
                ("processor time", "s", sample.cpu_s),
            ):
                courses.setdefault(f"{name} {measure}", Course(f"{name} {measure}", unit)).values.append(
                    value
                )
        courses.setdefault("connections", Course("connections", "")).values.append(
            await connections(running.owner_url)
        )
        await asyncio.sleep(SAMPLE_INTERVAL_S)


async def _ends(owner_url: str) -> dict[str, int]:
    async with connected(owner_url) as connection:
        return dict(await connection.fetch(ENDS))


async def _warm(running: Running) -> None:
    """Wait until the worker has judged a text in each process, which loads its models first."""
    judged = 2 * Settings().worker_concurrency
    await Client(running.api.port, 10, submissions(start=-judged), connections=2).run(judged / 10)

    async def over() -> bool:
        return (await _ends(running.owner_url)).get("succeeded", 0) >= judged

    await until(over, DRAIN_S)


async def soak(seconds: float, read_rate: float, submit_rate: float) -> Figures:
    with tempfile.TemporaryDirectory(prefix="unspun-soak-") as folder:
        async with _service(Path(folder)) as running:
            reading = Client(running.api.port, read_rate, await reads(running.api.url), connections=16)
            submitting = Client(running.api.port, submit_rate, submissions(), connections=4)
            await _warm(running)
            courses: dict[str, Course] = {}
            sampling = asyncio.create_task(_sample(running, courses))
            await asyncio.gather(reading.run(seconds), submitting.run(seconds))
            sampling.cancel()
            ends = await _ends(running.owner_url)
            behind = ends.get("queued", 0) + ends.get("running", 0)

            async def over() -> bool:
                ends = await _ends(running.owner_url)
                await asyncio.sleep(0.5)
                return not ends.keys() & {"queued", "running"}

            await until(over, DRAIN_S)
            return Figures(
                seconds=seconds,
                reads=reading.outcome,
                submissions=submitting.outcome,
                courses=courses,
                behind=behind,
                ends=await _ends(running.owner_url),
                most_connections=2 * POOL_MAX + 4,
            )


def main() -> int:
    parser = argparse.ArgumentParser(prog="make soak")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--reads", type=float, default=200, help="a second")
    parser.add_argument("--analyses", type=float, default=2, help="a second")
    arguments = parser.parse_args()
    figures = asyncio.run(soak(arguments.seconds, arguments.reads, arguments.analyses))
    print(report(figures))
    for line in figures.faults():
        print(f"XX  {line}")
    return 1 if figures.faults() else 0


if __name__ == "__main__":
    sys.exit(main())
