"""A request whose body never comes to its end, and which is at work as long as the service waits for that."""

import asyncio
from collections.abc import AsyncIterator

import httpx

from tests.kit.clients.api_client import Api


async def post_slowly(
    api: Api, path: str = "/v1/analyses", client: httpx.AsyncClient | None = None
) -> httpx.Response:
    """The answer, where there is one; of the administrator's key unless another client is given."""

    async def pieces() -> AsyncIterator[bytes]:
        yield b'{"text": "'
        await asyncio.Event().wait()

    headers = {"Content-Type": "application/json"}
    return await (client or api.holder).post(path, content=pieces(), headers=headers)
