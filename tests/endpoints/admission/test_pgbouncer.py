"""Clients share few server sessions through PgBouncer."""

import asyncio
from urllib.parse import urlsplit

import pytest

from tests.kit.clients.api_client import Start
from tests.kit.databases import connected
from tests.kit.servers.pooler import SESSIONS

SESSIONS_OF_OURS = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = $1
"""


class TestManyRequests:
    async def test_share_the_poolers_few_sessions(
        self, start_api: Start, database_url: str, request: pytest.FixtureRequest
    ) -> None:
        if not request.config.getoption("--through-pgbouncer"):
            pytest.skip("no pooler stands between: make test-pgbouncer")
        async with start_api(UNSPUN_POOL_MAX="30") as api:
            answers = await asyncio.gather(*(api.client.get("/v1/stories") for _ in range(60)))
            assert {answer.status_code for answer in answers} == {200}
            async with connected(api.owner_url) as connection:
                assert (
                    0
                    < await connection.fetchval(SESSIONS_OF_OURS, urlsplit(database_url).username)
                    <= SESSIONS
                )
