"""The event stream over HTTP ends cleanly when the process is stopped."""

import asyncio
import signal

import pytest

from tests.kit.clients.api_client import KEY, bearer
from tests.kit.servers.api_process import api_process

pytestmark = pytest.mark.slow


class TestAStream:
    async def test_is_ended_cleanly_when_the_server_is_stopped(self, database_url: str) -> None:
        async with (
            api_process(UNSPUN_DATABASE_URL=database_url) as api,
            api.client.stream("GET", "/v1/events/stream", headers=bearer(KEY)) as stream,
        ):
            chunks = stream.aiter_text()
            assert await anext(chunks) == ": connected\nretry: 5000\n"
            api.process.send_signal(signal.SIGTERM)
            # a response that is cut short raises an error
            assert [chunk async for chunk in chunks] == []
            assert await asyncio.to_thread(api.process.wait, 30) == 0
