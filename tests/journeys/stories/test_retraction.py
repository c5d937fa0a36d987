"""A retraction by command reaches a process that was not notified."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from tests.kit.clients.api_client import BASE_URL, running_api
from tests.kit.polling import until
from tests.kit.texts.problems import check_problem


def _start(port: int, variables: dict[str, str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "api.cli", "api"],
        env=os.environ | variables | {"UNSPUN_PORT": str(port), "UNSPUN_BASE_URL": BASE_URL},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@asynccontextmanager
async def _process(**variables: str) -> AsyncIterator[httpx.AsyncClient]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    child = _start(port, variables)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:

        async def ready() -> bool:
            try:
                return (await client.get("/readyz")).status_code == 200
            except httpx.TransportError:
                return False

        try:
            await until(ready, 60)
            yield client
        finally:
            child.terminate()
            await asyncio.to_thread(child.wait, 30)


class TestARetraction:
    async def test_is_seen_within_five_seconds_by_a_process_that_reads_from_valkey(
        self, database_url: str, redis_url: str
    ) -> None:
        servers = {"UNSPUN_DATABASE_URL": database_url, "UNSPUN_REDIS_URL": redis_url}
        async with running_api(**servers) as api, _process(**servers) as other:
            story = (await api.client.get(f"/v1/stories/{await api.publish_story()}")).json()
            paths = [f"/v1/stories/{story['slug']}", f"/v1/verdicts/{story['verdict']['id']}"]
            for path in paths:
                assert (await other.get(path)).status_code == 200
            # the command uses the database only, so Valkey keeps its entries
            command = [sys.executable, "-m", "api.cli", "stories", "retract", story["slug"]]
            command += ["--reason", "legal", "--statement", "A court has ordered it."]
            done = await asyncio.to_thread(
                subprocess.run,
                command,
                env=os.environ | {"UNSPUN_DATABASE_URL": database_url},
                capture_output=True,
                cwd=Path(__file__).parents[3],
            )
            retracted_at = time.monotonic()
            assert done.returncode == 0, done.stderr
            assert f"{story['id']} was retracted" in done.stdout.decode()
            held = await api.runtime.cache.call("KEYS", f"doc:{story['id']}:*")
            assert held, "else this test shows nothing"

            async def gone() -> bool:
                return {(await other.get(path)).status_code for path in paths} == {410}

            await until(gone, 5)
            assert time.monotonic() - retracted_at < 5
            problem = check_problem(await other.get(paths[0]), 410, "gone")
            assert problem["tombstone"]["statement"] == "A court has ordered it."
