"""An API process killed with -9 around the effect of a request: sent again, the request has it once."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx
import pytest

from tests.kit.polling import until
from tests.kit.servers.api_process import KEY, running_process

pytestmark = pytest.mark.slow

HEADERS = {"Authorization": f"Bearer {KEY}", "Idempotency-Key": '"one-submission"', "Prefer": "wait=20"}
# Whether somebody on this database waits for a lock.
BLOCKED = """
SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()
"""
BODY = {"text": "Forty roles are impacted."}


@asynccontextmanager
async def _running(database_url: str) -> AsyncIterator[tuple[httpx.AsyncClient, Callable[[], None]]]:
    """A client of an API process of its own, and what kills that process and all that it started."""
    async with (
        running_process(database_url) as api,
        httpx.AsyncClient(base_url=api.url, timeout=30, trust_env=False) as client,
    ):
        yield client, api.kill


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


def _counted(connection: asyncpg.Connection, query: str, wanted: int) -> Callable[[], Any]:
    async def reached() -> bool:
        return bool(await connection.fetchval(query) == wanted)

    return reached


@asynccontextmanager
async def _broken_off(client: httpx.AsyncClient) -> AsyncIterator[None]:
    """A submission whose answer never comes."""
    submission = asyncio.create_task(client.post("/v1/analyses", json=BODY, headers=HEADERS))
    yield
    with pytest.raises(httpx.TransportError):
        await submission


class TestASubmissionWhoseProcessIsKilled:
    async def test_after_the_effect_is_answered_with_the_same_analysis(
        self, database_url: str, connection: asyncpg.Connection
    ) -> None:
        async with _running(database_url) as (client, kill), _broken_off(client):
            # it is stored, and the answer waits for an end that no worker brings
            await until(_counted(connection, "SELECT count(*) FROM analyses", 1))
            kill()
        (stored,) = await connection.fetch("SELECT id FROM analyses")
        async with _running(database_url) as (client, _):
            again = await client.post("/v1/analyses", json=BODY, headers=HEADERS)
        assert again.status_code == 202
        assert again.json()["id"] == stored["id"]
        assert again.headers["idempotency-replayed"] == "true"
        for table in ("analyses", "analysis_jobs", "queue.pgqueuer"):
            assert await connection.fetchval(f"SELECT count(*) FROM {table}") == 1

    async def test_before_the_effect_is_as_if_it_had_not_been_sent(
        self, database_url: str, connection: asyncpg.Connection
    ) -> None:
        async with _running(database_url) as (client, kill), _broken_off(client):
            async with connection.transaction():
                # the last statement of the effect, so that all of it is undone
                await connection.execute("LOCK TABLE idempotency_records IN EXCLUSIVE MODE")
                await until(_counted(connection, BLOCKED, 1))
                kill()
        await until(_counted(connection, BLOCKED, 0))
        assert await connection.fetchval("SELECT count(*) FROM analyses") == 0
        async with _running(database_url) as (client, _):
            headers = HEADERS | {"Prefer": "respond-async"}
            again = await client.post("/v1/analyses", json=BODY, headers=headers)
        assert again.status_code == 202
        assert "idempotency-replayed" not in again.headers
        for table in ("analyses", "analysis_jobs", "queue.pgqueuer"):
            assert await connection.fetchval(f"SELECT count(*) FROM {table}") == 1
