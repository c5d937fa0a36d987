"""A raw server on loopback, and a client that may reach it."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from api.fetching.client import GuardedClient
from api.fetching.policy import FetchPolicy
from api.fetching.resolver import Resolver

HOST = "site.example"

Answer = bytes | Callable[["Exchange"], Awaitable[None]]


class Exchange:
    def __init__(self, head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.head = head
        self.target = head.split(" ", 2)[1]
        self.headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in head.split("\r\n")[1:] if line)
        }
        self._reader = reader
        self._writer = writer

    async def body(self) -> bytes:
        """As much as the request announced."""
        return await self._reader.readexactly(int(self.headers.get("content-length", "0")))

    async def send(self, data: bytes) -> None:
        """Send bytes. Raises ConnectionError once the client has disconnected."""
        self._writer.write(data)
        await self._writer.drain()


class WireServer:
    """Responds to each path with the bytes or the function in `answers`, otherwise with 404."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.requests: list[Exchange] = []
        self.port = 0
        self.closing = asyncio.Event()

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            exchange = Exchange((await reader.readuntil(b"\r\n\r\n")).decode("latin-1"), reader, writer)
            self.requests.append(exchange)
            answer = self.answers.get(exchange.target.partition("?")[0], reply(404, b"nothing here"))
            if isinstance(answer, bytes):
                await exchange.send(answer)
            else:
                await answer(exchange)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


def reply(status: int, body: bytes = b"", content_type: str | None = "text/html", **headers: str) -> bytes:
    """An HTTP/1.1 response; header names are given with underscores."""
    lines = [f"HTTP/1.1 {status} Status", f"Content-Length: {len(body)}"]
    lines += [f"Content-Type: {content_type}"] if content_type else []
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@asynccontextmanager
async def serving(context: ssl.SSLContext | None = None) -> AsyncIterator[WireServer]:
    wire = WireServer()
    server = await asyncio.start_server(wire.handle, "127.0.0.1", 0, ssl=context)
    wire.port = server.sockets[0].getsockname()[1]
    try:
        yield wire
    finally:
        wire.closing.set()
        server.close()
        await server.wait_closed()


@pytest.fixture
async def wire() -> AsyncIterator[WireServer]:
    async with serving() as server:
        yield server


MakeClient = Callable[..., GuardedClient]


@pytest.fixture
def make_client(wire: WireServer) -> MakeClient:
    """A client that resolves `site.example` and the given hosts to the server."""

    def make(resolver: Resolver | None = None, **changes: Any) -> GuardedClient:
        policy: dict[str, Any] = {
            "user_agent": "TestBot/1.0 (+https://bot.example/about)",
            "allow_loopback": True,
            "host_map": {HOST: f"127.0.0.1:{wire.port}", "other.example": f"127.0.0.1:{wire.port}"},
            "refusal_seconds": 0.0,
        }
        return GuardedClient(FetchPolicy(**(policy | changes)), resolver or NoNames())

    return make


class NoNames:
    """A resolver without names, so that no test uses the network."""

    async def resolve(self, host: str) -> list[str]:
        raise OSError(f"no such name: {host}")
