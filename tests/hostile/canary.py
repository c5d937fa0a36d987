"""Canary listeners: any connection to one is a leak of the guard."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress


class Canary:
    """`calls` are the first bytes of every connection, by port."""

    def __init__(self) -> None:
        self.calls: list[tuple[int, bytes]] = []
        self.ports: list[int] = []

    async def listen(self, host: str, port: int) -> asyncio.Server:
        async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            own_port = writer.get_extra_info("sockname")[1]
            with suppress(ConnectionError, TimeoutError):
                async with asyncio.timeout(2):
                    self.calls.append((own_port, await reader.read(200)))
            writer.close()

        server = await asyncio.start_server(hear, host, port)
        self.ports.append(server.sockets[0].getsockname()[1])
        return server


@asynccontextmanager
async def canary(wished: Sequence[tuple[str, int]]) -> AsyncIterator[Canary]:
    """Listens on two free ports and on each of `wished` that is available."""
    listeners = Canary()
    async with AsyncExitStack() as stack:
        for host, port in (("127.0.0.1", 0), ("127.0.0.1", 0), *wished):
            with suppress(OSError):  # privileged, in use, or no IPv6
                stack.push_async_callback(_close, await listeners.listen(host, port))
        yield listeners


async def _close(server: asyncio.Server) -> None:
    server.close()
    await server.wait_closed()
