"""`make bench-feeds`: CPU of polling a thousand feeds of which 98 % have not changed.

A poller with default settings requests feeds of a thousand host names from a local server. Fails above 5 s of
CPU of its process and the process that reads documents; PostgreSQL is counted separately.
"""

import argparse
import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final

import httpx

from api.embedded import EmbeddedServers
from api.fetching.client import GuardedClient
from api.fetching.politeness import Pace
from api.fetching.robots import Robots
from api.jobs.feed_poller import READ_SECONDS, Poller
from api.operations.database.prepare_database import prepare_database
from api.operations.feeds.source_feeds import add_feed
from api.processes.pool import Processes
from api.runtime.fetch_policy import fetch_policy
from api.runtime.runtime import Runtime
from api.storage.log.audit_log import Actor, Origin
from api.storage.stories.sources import SourceRecord, upsert_source
from schemas.enums import SourceType
from tests.benchmarks.serving.load import cpu_seconds
from tests.benchmarks.serving.sides import served
from tests.kit.clients.api_client import KEY, running_api

FEEDS, ROUNDS, MAX_S = 1_000, 3, 5.0
ORIGIN: Final = Origin(actor=Actor.SERVICE)


@dataclass
class Meter:
    """CPU since its creation: of everything except the site, and of PostgreSQL and Valkey separately."""

    site_pid: int
    servers_pid: int
    poller: float = 0.0
    servers: float = 0.0

    def __post_init__(self) -> None:
        self.poller, self.servers = self._now()

    def read(self) -> tuple[float, float]:
        poller, servers = self._now()
        return poller - self.poller, servers - self.servers

    def _now(self) -> tuple[float, float]:
        servers = cpu_seconds(self.servers_pid)
        return cpu_seconds(os.getpid()) - cpu_seconds(self.site_pid) - servers, servers


async def bench(count: int, rounds: int) -> bool:
    """Measure and print. Returns whether the cost is within its bound."""
    async with AsyncExitStack() as stack:
        servers = stack.enter_context(EmbeddedServers(None))
        await prepare_database(servers.database_url)
        port, site_pid = await stack.enter_async_context(
            served("tests.benchmarks.feeds.site", "PORT", path="/robots.txt")
        )
        api = await stack.enter_async_context(running_api(**variables(servers.database_url, port, count)))
        await add_feeds(api.runtime, count)
        poller = await stack.enter_async_context(running_poller(api.runtime))
        assert servers.supervisor_pid is not None, "the servers run"
        costs = []
        async with httpx.AsyncClient(trust_env=False) as client:
            for number in range(rounds + 1):
                await client.get(f"http://127.0.0.1:{port}/turn")
                await api.rows("UPDATE feeds SET next_poll_at = now() - interval '1 s'")
                meter, began = Meter(site_pid, servers.supervisor_pid), time.monotonic()
                while await poller.round():
                    await poller.idle()
                worker, database = meter.read()
                costs.append(worker)
                statuses = await api.rows(
                    "SELECT last_status AS status, count(*) AS n FROM feeds GROUP BY 1 ORDER BY 1"
                )
                shown = ", ".join(f"{row['n']} answered {row['status']}" for row in statuses)
                what = "again" if number else "first, with robots.txt"
                print(
                    f"{count} feeds {what}: {worker:.2f} s of CPU, PostgreSQL {database:.2f} s; "
                    f"{time.monotonic() - began:.1f} s; {shown}"
                )
        worst = max(costs[1:])
        print(
            f"polling {count} feeds costs {worst:.2f} s of CPU at most, {worst / count * 1000:.2f} ms a feed"
        )
        return worst <= MAX_S


def variables(database_url: str, port: int, count: int) -> dict[str, str]:
    """Default settings, apart from the addresses of the hosts."""
    return {
        "UNSPUN_DATABASE_URL": database_url,
        "UNSPUN_BOOTSTRAP_ADMIN_KEY": KEY,
        "UNSPUN_ALLOW_LOOPBACK_FETCH": "true",
        "UNSPUN_FETCH_HOST_MAP": ",".join(f"{host(number)}=127.0.0.1:{port}" for number in range(count)),
    }


def host(number: int) -> str:
    return f"site{number}.brightwater.example"


async def add_feeds(runtime: Runtime, count: int) -> None:
    policy = fetch_policy(runtime.settings)
    async with runtime.pool.transaction() as connection:
        for number in range(count):
            name = host(number)
            record = SourceRecord(
                slug=name.replace(".", "-"), name=name, type=SourceType.MEDIA, domains=[name]
            )
            source_id = await upsert_source(
                connection, record, runtime.clock.new_id("src"), runtime.clock.now()
            )
            await add_feed(connection, runtime, policy, source_id, f"http://{name}/feed.xml", origin=ORIGIN)


@asynccontextmanager
async def running_poller(runtime: Runtime) -> AsyncIterator[Poller]:
    client = GuardedClient(fetch_policy(runtime.settings).for_feeds())
    processes = Processes(size=1, memory_mb=runtime.settings.analysis_memory_mb, cpu_s=READ_SECONDS)
    pace = Pace(runtime.settings.fetch_delay_s, runtime.clock)
    try:
        yield Poller(runtime, client, Robots(client, runtime.clock), pace, processes, lambda: 0.5)
    finally:
        await client.aclose()
        await asyncio.to_thread(processes.close)


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-feeds", description=__doc__.splitlines()[0])  # type: ignore[union-attr]  # there is one, above
    parser.add_argument("--feeds", type=int, default=FEEDS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args()
    if not asyncio.run(bench(given.feeds, given.rounds)):
        sys.exit(f"Polling costs more than {MAX_S} s of CPU.")


if __name__ == "__main__":
    main()
