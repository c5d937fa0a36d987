"""An API process killed with -9 before or after a request's effect: repeated, it has the effect once."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx
import pytest

from tests.kit.clients.api_client import KEY, bearer
from tests.kit.polling import until
from tests.kit.servers.api_process import ApiProcess, api_process

pytestmark = pytest.mark.slow

HEADERS = bearer(KEY) | {"Idempotency-Key": '"one-submission"', "Prefer": "wait=20"}
# Whether a session of this database waits for a lock.
BLOCKED = """
SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()
"""
BODY = {"text": "Forty roles are impacted."}


def _counted(connection: asyncpg.Connection, query: str, wanted: int) -> Callable[[], Any]:
    async def reached() -> bool:
        return bool(await connection.fetchval(query) == wanted)

    return reached


@asynccontextmanager
async def _broken_off(api: ApiProcess) -> AsyncIterator[None]:
    """A submission that gets no response."""
    submission = asyncio.create_task(api.client.post("/v1/analyses", json=BODY, headers=HEADERS))
    yield
    with pytest.raises(httpx.TransportError):
        await submission


class TestASubmissionWhoseProcessIsKilled:
    async def test_after_the_effect_is_answered_with_the_same_analysis(
        self, database_url: str, connection: asyncpg.Connection
    ) -> None:
        async with api_process(UNSPUN_DATABASE_URL=database_url) as api, _broken_off(api):
            # stored; the response waits for a worker, which does not run
            await until(_counted(connection, "SELECT count(*) FROM analyses", 1))
            api.kill()
        (stored,) = await connection.fetch("SELECT id FROM analyses")
        async with api_process(UNSPUN_DATABASE_URL=database_url) as api:
            again = await api.client.post("/v1/analyses", json=BODY, headers=HEADERS)
        assert again.status_code == 202
        assert again.json()["id"] == stored["id"]
        assert again.headers["idempotency-replayed"] == "true"
        for table in ("analyses", "analysis_jobs", "queue.pgqueuer"):
            assert await connection.fetchval(f"SELECT count(*) FROM {table}") == 1

    async def test_before_the_effect_is_as_if_it_had_not_been_sent(
        self, database_url: str, connection: asyncpg.Connection
    ) -> None:
        async with api_process(UNSPUN_DATABASE_URL=database_url) as api, _broken_off(api):
            async with connection.transaction():
                # the last statement of the effect, so all of it is rolled back
                await connection.execute("LOCK TABLE idempotency_records IN EXCLUSIVE MODE")
                await until(_counted(connection, BLOCKED, 1))
                api.kill()
        await until(_counted(connection, BLOCKED, 0))
        assert await connection.fetchval("SELECT count(*) FROM analyses") == 0
        async with api_process(UNSPUN_DATABASE_URL=database_url) as api:
            again = await api.client.post(
                "/v1/analyses", json=BODY, headers=HEADERS | {"Prefer": "respond-async"}
            )
        assert again.status_code == 202
        assert "idempotency-replayed" not in again.headers
        for table in ("analyses", "analysis_jobs", "queue.pgqueuer"):
            assert await connection.fetchval(f"SELECT count(*) FROM {table}") == 1
