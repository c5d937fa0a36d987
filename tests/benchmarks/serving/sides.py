"""The compared servers, measured in turns by CPU per request."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import httpx

from tests.benchmarks.serving.load import Clients, cpu_seconds
from tests.kit.polling import until

CONNECTIONS = 16
# default settings, but with quotas that a benchmark does not use up
UNSPENT = {
    "UNSPUN_LOG_LEVEL": "info",
    "UNSPUN_ADDRESS_QUOTAS": "burst=100000000/60",
    "UNSPUN_KEY_QUOTAS": "burst=100000000/60,daily=900000000/86400",
}


@dataclass
class Side:
    """One server and request, always with response `status`.

    `costs` are microseconds of CPU per request, `rates` requests per second, one of each for a round.
    """

    name: str
    port: int
    pids: tuple[int, ...]
    path: str
    requests: int
    headers: Mapping[str, str] = field(default_factory=dict)
    connections: int = CONNECTIONS
    status: int = 200
    costs: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    _clients: Clients | None = None

    async def measure(self) -> None:
        self._clients = self._clients or Clients(self.port, self.connections)
        await self._clients.connect()
        before, began = self._cpu(), time.monotonic()
        await self._clients.ask(self.path, self.headers, requests=self.requests, status=self.status)
        self.rates.append(self.requests / (time.monotonic() - began))
        self.costs.append((self._cpu() - before) / self.requests * 1e6)

    def over(self, floor: "Side") -> float:
        """Median ratio of its cost to another side's."""
        return median(cost / other for cost, other in zip(self.costs, floor.costs, strict=True))

    def _cpu(self) -> float:
        return sum(map(cpu_seconds, self.pids))


async def measure_in_turns(sides: list[Side], rounds: int) -> None:
    """Discards a first round, which includes compiling, connecting and caching."""
    for side in sides:
        await side.measure()
        side.costs.clear()
        side.rates.clear()
    for _ in range(rounds):
        for side in sides:
            await side.measure()


def verdict(holds: bool) -> str:
    return "pass" if holds else "FAIL"


@asynccontextmanager
async def served(
    *command: str, path: str = "/", variables: Mapping[str, str] | None = None
) -> AsyncIterator[tuple[int, int]]:
    """Port and process of `python -m command` (PORT is replaced), once it responds at the path."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    child = subprocess.Popen(  # noqa: ASYNC220  # takes a millisecond
        [sys.executable, "-m", *(part.replace("PORT", str(port)) for part in command)],
        env=os.environ | (variables or {}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    async with httpx.AsyncClient(trust_env=False) as client:

        async def ready() -> bool:
            try:
                return (await client.get(f"http://127.0.0.1:{port}{path}")).status_code == 200
            except httpx.TransportError:
                return False

        try:
            await until(ready, 60)
            yield port, child.pid
        finally:
            child.terminate()
            await asyncio.to_thread(child.wait, 60)


def constant(body: Path) -> tuple[str, str, str]:
    """Command of the baseline server, which always sends these bytes."""
    return ("tests.benchmarks.serving.constant", "PORT", str(body))


PEER = (
    "uvicorn", "--factory", "tests.benchmarks.serving.peer:make_app", "--port", "PORT", "--log-level", "warning",
    "--no-access-log",
)  # fmt: skip
