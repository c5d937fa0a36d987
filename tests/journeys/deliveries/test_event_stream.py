"""The event stream of a server process: over real HTTP, ended cleanly when the process is stopped."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from tests.kit.clients.api_client import KEY, bearer
from tests.kit.polling import until

pytestmark = pytest.mark.slow


@asynccontextmanager
async def api_process(database_url: str) -> AsyncIterator[tuple[subprocess.Popen[bytes], str]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        "UNSPUN_DATABASE_URL": database_url,
        "UNSPUN_PORT": str(port),
        "UNSPUN_BOOTSTRAP_ADMIN_KEY": KEY,
        "UNSPUN_LOG_LEVEL": "error",
    }
    command = [sys.executable, "-m", "api.cli", "api"]
    process = subprocess.Popen(command, env=os.environ | environment)  # noqa: ASYNC220  # returns at once
    url = f"http://127.0.0.1:{port}"
    try:
        async with httpx.AsyncClient() as client:

            async def ready() -> bool:
                try:
                    return (await client.get(f"{url}/readyz")).status_code == 200
                except httpx.TransportError:
                    return False

            await until(ready, 90)
        yield process, url
    finally:
        process.kill()
        process.wait()


class TestAStream:
    async def test_is_ended_cleanly_when_the_server_is_stopped(self, database_url: str) -> None:
        async with (
            api_process(database_url) as (process, url),
            httpx.AsyncClient(headers=bearer(KEY), timeout=20) as client,
            client.stream("GET", f"{url}/v1/events/stream") as stream,
        ):
            chunks = stream.aiter_text()
            assert await anext(chunks) == "retry: 5000\nid: 0\n\n"
            process.send_signal(signal.SIGTERM)
            # an answer cut short would be an error of the client's: this one has an end
            assert [chunk async for chunk in chunks] == []

            async def ended() -> bool:
                return process.poll() is not None

            await until(ended, 30)
            assert process.returncode == 0
