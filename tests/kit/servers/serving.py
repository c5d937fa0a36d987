"""An API process of its own on a free port, as an operator runs it."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.kit.polling import until


@dataclass
class ApiProcess:
    """`client` speaks to it over TCP; `pid` is that of the process that holds the port."""

    port: int
    pid: int
    client: httpx.AsyncClient


@asynccontextmanager
async def api_process(
    log: Path, variables: Mapping[str, str], *, code: Path | None = None
) -> AsyncIterator[ApiProcess]:
    """Start it, wait until it is ready, end it.

    `log` is the file that it writes to; `code` another checkout whose API it is.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with log.open("wb") as written:
        child = subprocess.Popen(  # noqa: ASYNC220  # takes a millisecond
            [sys.executable, "-m", "api.cli", "api"],
            cwd=code,
            env=os.environ | dict(variables) | {"UNSPUN_PORT": str(port)},
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=written,
        )
    limits = httpx.Limits(max_connections=100)
    url = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient(base_url=url, timeout=60, trust_env=False, limits=limits) as client:

        async def ready() -> bool:
            assert child.poll() is None, f"the process ended; {log} says why"
            try:
                return (await client.get("/livez")).status_code == 200
            except httpx.TransportError:
                return False

        try:
            await until(ready, 60)
            yield ApiProcess(port, child.pid, client)
        finally:
            child.terminate()
            await asyncio.to_thread(child.wait, 60)
