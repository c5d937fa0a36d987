"""A request whose body never comes to its end, and which is at work as long as the service waits for that."""

import asyncio
from collections.abc import AsyncIterator

import httpx

from tests.api_client import Api


async def post_slowly(api: Api) -> httpx.Response:
    """The answer, where there is one."""

    async def pieces() -> AsyncIterator[bytes]:
        yield b'{"text": "'
        await asyncio.Event().wait()

    headers = {"Content-Type": "application/json"}
    return await api.holder.post("/v1/analyses", content=pieces(), headers=headers)
