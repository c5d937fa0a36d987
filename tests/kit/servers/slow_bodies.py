"""A request with an unfinished body, which occupies the service."""

import asyncio
from collections.abc import AsyncIterator

import httpx

from tests.kit.clients.api_client import Api


async def post_slowly(
    api: Api, path: str = "/v1/analyses", client: httpx.AsyncClient | None = None
) -> httpx.Response:
    """The response, if any; with the administrator's key unless another client is given."""

    async def pieces() -> AsyncIterator[bytes]:
        yield b'{"text": "'
        await asyncio.Event().wait()

    return await (client or api.holder).post(
        path, content=pieces(), headers={"Content-Type": "application/json"}
    )
