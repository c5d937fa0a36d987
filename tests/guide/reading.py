"""A service as the guide assumes: seeds loaded, worker running, sample pages served."""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from api.cli.sample_pages import sample_pages
from tests.kit.servers.api_process import ApiProcess, api_process, start_command

_WEBHOOK_KEY = "Z3VpZGUtZXhhbXBsZXMtc2VhbC13aXRoLXRoaXMta2U="


@asynccontextmanager
async def reading_service(database_url: str, redis_url: str, log: Path) -> AsyncIterator[ApiProcess]:
    """`database_url` is of a migrated, empty database."""
    with sample_pages() as pages:
        variables = {
            "UNSPUN_DATABASE_URL": database_url,
            "UNSPUN_REDIS_URL": redis_url,
            "UNSPUN_FETCH_HOST_MAP": pages.host_map,
            "UNSPUN_ALLOW_LOOPBACK_FETCH": "true",
            "UNSPUN_FETCH_DELAY_S": "0",
            "UNSPUN_WEBHOOK_KEYS": _WEBHOOK_KEY,
            "UNSPUN_LOG_LEVEL": "warning",
        }
        seeding = start_command("seed", variables, log)
        worker = start_command("worker", variables, log)
        try:
            async with api_process(log=log, **variables) as api:
                assert await asyncio.to_thread(seeding.wait, 240) == 0, log
                yield api
        finally:
            for process in (seeding, worker):
                await asyncio.to_thread(_end, process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
