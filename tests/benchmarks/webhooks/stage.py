"""The set-up of each measurement: servers, endpoints, events, a receiver and a sender, each a process."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import asyncpg
import httpx
from msgspec.structs import replace

from api.clock import Clock
from api.embedded import EmbeddedServers
from api.operations.database.prepare_database import prepare_database
from api.operations.keys.bootstrap_key import DEFAULT_ACCOUNT
from api.storage.keys.accounts import insert_account
from api.storage.log.events import NewEvent, append_events
from api.storage.webhooks.webhooks import insert_endpoint, replace_secret
from api.webhooks.encryption import KeyRing, new_secret
from schemas.event_types import EVENT_KINDS, example_of
from schemas.events import EventType
from schemas.webhooks import Endpoint, EndpointStatus, Payload
from tests.benchmarks.serving.load import cpu_seconds
from tests.kit.clients.api_client import WEBHOOK_KEY
from tests.kit.polling import until

HOST = "hooks.brightwater.example"
STORY = example_of(next(kind for kind in EVENT_KINDS if kind.type is EventType.STORY_PUBLISHED)).data


@dataclass
class Stage:
    """`cpu` is that of PostgreSQL, the receiver and the `courier` process, in seconds."""

    servers: EmbeddedServers
    connection: asyncpg.Connection
    receiver: httpx.AsyncClient
    port: int
    pids: list[int]
    clock: Clock

    @property
    def variables(self) -> dict[str, str]:
        return {
            "UNSPUN_DATABASE_URL": self.servers.database_url,
            "UNSPUN_WEBHOOK_KEYS": WEBHOOK_KEY,
            "UNSPUN_ALLOW_LOOPBACK_FETCH": "true",
            "UNSPUN_FETCH_HOST_MAP": f"{HOST}=127.0.0.1:{self.port}",
            "UNSPUN_LOG_LEVEL": "error",
        }

    def cpu(self) -> list[float]:
        return [cpu_seconds(pid) for pid in self.pids]

    async def endpoints(self, count: int, path: str = "/hook/{}", **changes: object) -> None:
        """Create active endpoints, as if they had answered their pings."""
        ring, now = KeyRing(WEBHOOK_KEY), self.clock.now()
        async with self.connection.transaction():
            for number in range(count):
                endpoint = Endpoint(
                    id=self.clock.new_id("whe"),
                    account_id=DEFAULT_ACCOUNT,
                    url=f"http://{HOST}{path.format(number)}",
                    description="",
                    event_types=[],
                    predicate='spin.score >= 70 && "Brightwater" in entities',
                    payload=Payload.THIN,
                    rate_limit=None,
                    header_names=[],
                    status=EndpointStatus.ACTIVE,
                    disabled_reason=None,
                    failing_since=None,
                    lost_through=None,
                    created_at=now,
                    updated_at=now,
                )
                await insert_endpoint(self.connection, replace(endpoint, **changes))
                sealed = ring.seal(new_secret(os.urandom), endpoint.id)
                await replace_secret(self.connection, endpoint.id, sealed, at=now, old_ends_at=now)
        await self.connection.execute("ANALYZE")

    async def emit(self, count: int = 1) -> list[str]:
        """Append events in one transaction; returns their ids."""
        events = [
            NewEvent(
                id=self.clock.new_id("evt"),
                type=EventType.STORY_PUBLISHED,
                account_id=None,
                story_id=None,
                data=STORY,
            )
            for _ in range(count)
        ]
        async with self.connection.transaction():
            await append_events(self.connection, events, self.clock.now())
        return [event.id for event in events]

    async def arrived(self, count: int, seconds: float = 300) -> None:
        async def there() -> bool:
            found: int = (await self.receiver.get("/count")).json()
            return found >= count

        await until(there, seconds)

    @asynccontextmanager
    async def courier(self) -> AsyncIterator[None]:
        process = _start("tests.benchmarks.webhooks.courier", self.variables)
        self.pids.append(process.pid)
        try:
            yield
        finally:
            self.pids.remove(process.pid)
            process.terminate()
            await asyncio.to_thread(process.wait, 60)


@asynccontextmanager
async def staged() -> AsyncIterator[Stage]:
    async with AsyncExitStack() as stack:
        servers = stack.enter_context(EmbeddedServers(None))
        await prepare_database(servers.database_url)
        connection = await asyncpg.connect(servers.database_url)
        stack.push_async_callback(connection.close)
        clock = Clock()
        await insert_account(connection, DEFAULT_ACCOUNT, "bench", clock.now())
        sink = _start("tests.benchmarks.webhooks.sink", {})
        stack.callback(sink.wait)
        stack.callback(sink.kill)
        assert sink.stdout is not None
        assert servers.supervisor_pid is not None
        port = int(sink.stdout.readline())
        client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=60)
        await stack.enter_async_context(client)
        yield Stage(servers, connection, client, port, [servers.supervisor_pid, sink.pid], clock)


def _start(module: str, variables: dict[str, str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", module],
        env={name: value for name, value in os.environ.items() if not name.startswith("UNSPUN_")} | variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
    )
