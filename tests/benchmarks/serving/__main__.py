"""`make bench`: what reads cost, in CPU of the server's process, beside a constant answer of a story's bytes.

All sides are asked in turn, round after round, so that another load on the machine weighs on all of them; the
figure that means something is the ratio within a round. `--beside CHECKOUT` measures another version too.
"""

import argparse
import asyncio
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from urllib.parse import quote

import asyncpg
import httpx

from api.embedded import EmbeddedServers
from api.operations.prepare_database import prepare_database
from tests.api_client import KEY, running_api
from tests.benchmarks.serving.load import ask, cpu_seconds
from tests.many_stories import Many
from tests.serving import api_process
from tests.waiting import until

ROUNDS, REQUESTS, CONNECTIONS = 15, 3_000, 16
# limits as they are by default, but for a quota that a bench does not use up
UNSPENT = {
    "UNSPUN_ADDRESS_QUOTAS": "burst=100000000/60",
    "UNSPUN_KEY_QUOTAS": "burst=100000000/60,daily=900000000/86400",
}
NO_MEMORY = {"UNSPUN_MEMORY_MB": "0"}
NO_COPIES = NO_MEMORY | {"UNSPUN_REDIS_URL": ""}
LISTED = 10_000  # stories beside the one that is read
LEAST_OF_CONSTANT = 0.65  # design.md, "Speed, by design"
HELD = {"Authorization": f"Bearer {KEY}"}


@dataclass
class Side:
    """One way to answer; `costs` are microseconds of CPU a request, one a round."""

    name: str
    port: int
    pid: int
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    costs: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)

    async def measure(self, requests: int) -> None:
        if "?" in self.path or self.path.endswith("stories"):
            requests //= 10  # what asks the database takes longer
        before, began = cpu_seconds(self.pid), time.monotonic()
        await ask(self.port, self.path, self.headers, requests=requests, connections=CONNECTIONS)
        self.rates.append(requests / (time.monotonic() - began))
        self.costs.append((cpu_seconds(self.pid) - before) / requests * 1e6)


async def bench(beside: Path | None, rounds: int, requests: int) -> None:
    """Measure and print."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        servers = stack.enter_context(EmbeddedServers(None))
        await prepare_database(servers.database_url)
        variables = {
            "UNSPUN_DATABASE_URL": servers.database_url,
            "UNSPUN_REDIS_URL": servers.redis_url,
            "UNSPUN_BOOTSTRAP_ADMIN_KEY": KEY,
        }
        async with running_api(**variables) as api:
            path = f"/v1/stories/{await api.publish_story()}"
            body = folder / "body"
            story = await api.client.get(path, headers={"Accept-Encoding": "identity"})
            body.write_bytes(story.content)
        filled = await asyncpg.connect(servers.database_url)
        await Many(stories=LISTED).write(filled)
        await filled.close()
        started = await stack.enter_async_context(constant(body))
        sides = [Side("constant", *started, "/")]
        served = api_process(folder / "api", variables | UNSPENT)
        hot = await stack.enter_async_context(served)
        url = quote(story.json()["url"], safe="")
        for name, asked, headers in (
            ("hot story", path, {}),
            ("hot story, 304", path, {"If-None-Match": story.headers["etag"]}),
            ("hot story with a key", path, HELD),
            (f"first page of {LISTED:,} stories", "/v1/stories", {}),
            ("look-up by URL", f"/v1/lookup?url={url}", {}),
            ("search", "/v1/stories?q=brightwater", {}),
        ):
            sides.append(Side(name, hot.port, hot.pid, asked, headers))
        colder = [("story from Valkey", NO_MEMORY, None), ("story from PostgreSQL", NO_COPIES, None)]
        colder += [("hot story, other checkout", {}, beside)] if beside else []
        for name, settings, code in colder:
            process = await stack.enter_async_context(
                api_process(folder / name, variables | UNSPENT | settings, code=code)
            )
            sides.append(Side(name, process.port, process.pid, path))
        # what is compiled, connected and cached at the first calls is not a request's cost
        for side in sides:
            await side.measure(requests)
            side.costs.clear()
            side.rates.clear()
        began = time.monotonic()
        for _ in range(rounds):
            for side in sides:
                await side.measure(requests)
        print(f"{rounds} rounds of {requests} requests a side, {body.stat().st_size} bytes, "
              f"{time.monotonic() - began:.0f} s")  # fmt: skip
        print(f"{'':40} CPU a request   over the constant   requests/s")
        over = {
            side.name: median(cost / floor for cost, floor in zip(side.costs, sides[0].costs, strict=True))
            for side in sides
        }
        for side in sides:
            figures = f"{median(side.costs):10.1f} µs {over[side.name]:19.2f} {median(side.rates):12,.0f}"
            print(f"{side.name:40} {figures}")
        share = 1 / over["hot story"]
        print(f"{_verdict(share >= LEAST_OF_CONSTANT)}  a hot story at {share:.2f} of the constant's rate a CPU, "
              f"at least {LEAST_OF_CONSTANT}")  # fmt: skip
        dearer = median(b / a for a, b in zip(sides[1].costs, sides[2].costs, strict=True))
        print(f"{_verdict(dearer <= 1)}  a 304 at {dearer:.2f} of a 200, at most 1")


def _verdict(holds: bool) -> str:
    return "pass" if holds else "FAIL"


@asynccontextmanager
async def constant(body: Path) -> AsyncIterator[tuple[int, int]]:
    """The port and process of the constant answer."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [sys.executable, "-m", "tests.benchmarks.serving.constant", str(port), str(body)]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: ASYNC220  # takes a millisecond
    async with httpx.AsyncClient(trust_env=False) as client:

        async def ready() -> bool:
            try:
                return (await client.get(f"http://127.0.0.1:{port}/")).status_code == 200
            except httpx.TransportError:
                return False

        try:
            await until(ready, 60)
            yield port, child.pid
        finally:
            child.terminate()
            await asyncio.to_thread(child.wait, 60)


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__.splitlines()[0])  # type: ignore[union-attr]  # there is one, above
    parser.add_argument("--beside", type=Path, metavar="CHECKOUT", help="measure this version's API as well")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--requests", type=int, default=REQUESTS, help="a side and round")
    given = parser.parse_args()
    asyncio.run(bench(given.beside, given.rounds, given.requests))


if __name__ == "__main__":
    main()
