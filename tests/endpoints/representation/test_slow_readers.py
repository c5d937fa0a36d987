"""Responses to slow readers: few for each client, limited together, all paid for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest

from api.errors import QuotaExceeded
from api.routes.http.admission.caller import Caller
from api.runtime.quotas import READ
from tests.kit.clients.api_client import Api, Start

MOST = 10


@asynccontextmanager
async def unread(api: Api, path: str) -> AsyncIterator[int]:
    """The status of a response whose body the client reads at the end of the block."""
    head, leave = asyncio.get_running_loop().create_future(), asyncio.Event()

    async def receive() -> dict[str, Any]:
        await leave.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            head.set_result(message["status"])
        await leave.wait()

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", b"unspun.test")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "state": {},
    }
    call = asyncio.create_task(api.app(scope, receive, send))  # type: ignore[arg-type]  # plain dictionaries
    try:
        yield await asyncio.wait_for(head, 10)
    finally:
        leave.set()
        await asyncio.wait([call], timeout=10)


class TestASlowReader:
    @pytest.mark.parametrize("path", ["/v1/stories.csv", "/v1/claims.ndjson"])
    async def test_is_refused_to_clients_with_too_many_open_responses(
        self, start_api: Start, path: str
    ) -> None:
        async with start_api(UNSPUN_MAX_IN_FLIGHT="1") as api, AsyncExitStack() as stack:
            for _ in range(MOST):
                assert await stack.enter_async_context(unread(api, path)) == 200
            assert await stack.enter_async_context(unread(api, path)) == 429
            await stack.aclose()  # a client that does not read its refusal still uses its place
            assert (await api.client.get("/v1/taxonomy")).status_code == 200
            assert (await api.client.get(path)).status_code == 200

    async def test_leaves_capacity_for_others_while_it_is_unread(self, start_api: Start) -> None:
        async with start_api(UNSPUN_MAX_IN_FLIGHT="1") as api, unread(api, "/v1/stories.csv") as status:
            assert status == 200
            assert (await api.client.get("/v1/taxonomy")).status_code == 200

    async def test_ends_where_the_quota_does(self, start_api: Start) -> None:
        async with start_api(UNSPUN_ADDRESS_QUOTAS="burst=2/3600") as api:
            caller = Caller("203.0.113.9", READ)
            limits = api.app.state.limits
            for _ in range(2):
                await limits.charge_part(caller)
            with pytest.raises(QuotaExceeded):
                await limits.charge_part(caller)

    async def test_goes_on_where_the_quota_is_filled_soon(self, start_api: Start) -> None:
        async with start_api(UNSPUN_ADDRESS_QUOTAS="burst=10/10") as api:
            caller = Caller("203.0.113.9", READ)
            for _ in range(11):
                await api.app.state.limits.charge_part(caller)
