"""An API process that one request hangs is ended and told of, and the service answers again."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.kit.polling import until
from tests.kit.servers.api_process import free_port

pytestmark = pytest.mark.slow

LIMIT_S = 3


class TestARequestThatHangsItsProcess:
    async def test_costs_a_process_and_not_the_service(self, database_url: str, tmp_path: Path) -> None:
        port, log = free_port(), tmp_path / "log"
        variables = {
            "UNSPUN_DATABASE_URL": database_url,
            "UNSPUN_PORT": str(port),
            "UNSPUN_LOOP_TIMEOUT_S": str(LIMIT_S),
            "UNSPUN_LEAVE_NOTICE_S": "0",
        }
        process = _start(variables, log)
        base_url = f"http://127.0.0.1:{port}"
        async with httpx.AsyncClient(base_url=base_url, timeout=120, trust_env=False) as client:
            try:
                await until(lambda: _answers(client), 60)
                hung = asyncio.create_task(
                    client.get("/v1/hanging/now?secret=1", headers={"X-More": "a" * 500})
                )
                await until(lambda: _told(log), 60)
                await until(lambda: _answers(client), 60)
                assert isinstance(
                    (await asyncio.gather(hung, return_exceptions=True))[0], httpx.TransportError
                )
            finally:
                process.send_signal(signal.SIGTERM)
                await asyncio.to_thread(process.wait, 60)
        lines = [json.loads(line) for line in _read(log).splitlines() if line.startswith("{")]
        (told,) = [line for line in lines if line["event"] == "process_hung"]
        (request,) = told["in_hand"]
        method, route, target, headers, body = request.split()
        assert (method, route, body) == ("GET", "/v1/hanging/{name}", "0")
        assert int(target) == len("/v1/hanging/now") + len("secret=1")
        assert 500 < int(headers) < 2_000
        assert "in hang" in _read(log), "the stacks say where"
        assert "secret=1" not in _read(log)


def _start(variables: dict[str, str], log: Path) -> "subprocess.Popen[bytes]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith("UNSPUN_")}
    with log.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.kit.servers.hanging", "api"], env=kept | variables, stderr=output
        )


async def _answers(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/livez", timeout=1)).status_code == 200
    except httpx.TransportError:
        return False


async def _told(log: Path) -> bool:
    return "process_hung" in _read(log)


def _read(log: Path) -> str:
    return log.read_text()
