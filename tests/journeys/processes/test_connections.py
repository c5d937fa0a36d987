"""Idle connections do not block others, and are closed."""

import asyncio
import resource
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from tests.kit.servers.api_process import ApiProcess, api_process

MANY = 1_100  # more than the server's own default
SILENT_S = 30  # as the guide documents


@asynccontextmanager
async def _silent(api: ApiProcess, count: int) -> AsyncIterator[list[asyncio.StreamReader]]:
    opened = [await asyncio.open_connection("127.0.0.1", api.port) for _ in range(count)]
    try:
        yield [reader for reader, _ in opened]
    finally:
        for _, writer in opened:
            writer.close()


@pytest.fixture
def files() -> Iterator[None]:
    """Raises the limit on open files for the client's side."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MANY + 500
    if hard != resource.RLIM_INFINITY and hard < wanted:
        pytest.skip("this system allows too few open files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


class TestSilentConnections:
    @pytest.mark.slow
    async def test_do_not_block_others(self, database_url: str, files: None) -> None:
        async with api_process(UNSPUN_DATABASE_URL=database_url) as api, _silent(api, MANY):
            assert (await api.client.get("/livez")).status_code == 200

    @pytest.mark.chaos  # half a minute
    async def test_are_closed_after_a_while(self, database_url: str) -> None:
        async with api_process(UNSPUN_DATABASE_URL=database_url) as api, _silent(api, 3) as readers:
            ends = await asyncio.wait_for(
                asyncio.gather(*(reader.read() for reader in readers)), SILENT_S + 5
            )
            assert ends == [b""] * 3
