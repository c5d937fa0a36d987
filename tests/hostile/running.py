"""API and worker as processes with log files."""

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
class Processes:
    """`client` connects to the API over TCP; `log` is the output of both so far."""

    port: int
    client: httpx.AsyncClient
    children: dict[str, "subprocess.Popen[bytes]"]
    folder: Path

    @property
    def log(self) -> str:
        return "".join((self.folder / name).read_text(errors="replace") for name in self.children)


@asynccontextmanager
async def running(folder: Path, environment: Mapping[str, str]) -> AsyncIterator[Processes]:
    """Start both, wait until the API is ready, stop both."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    variables = os.environ | dict(environment) | {"UNSPUN_PORT": str(port)}
    children = {name: _start(name, folder, variables) for name in ("api", "worker")}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as client:

        async def ready() -> bool:
            try:
                return (await client.get("/readyz")).status_code == 200
            except httpx.TransportError:
                return False

        try:
            await until(ready, 180)
            yield Processes(port, client, children, folder)
        finally:
            for child in children.values():
                child.terminate()
            for child in children.values():
                await asyncio.to_thread(child.wait, 60)


def _start(name: str, folder: Path, variables: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "api.cli", name]
    with (folder / name).open("wb") as log:
        return subprocess.Popen(command, env=variables, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
