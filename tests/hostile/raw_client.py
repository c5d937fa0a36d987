"""Sends raw bytes over persistent connections and reads the responses."""

import asyncio
from dataclasses import dataclass

from tests.hostile.corpus import Request

PATIENCE_S = 20.0  # for one response on a busy machine
UNFINISHED_S = 3.0  # for a response to what the server may take for half a request


@dataclass(frozen=True, slots=True)
class Reply:
    """`status` 0: the server closed the connection without a response; -1: timeout."""

    status: int
    headers: dict[str, str]
    body: bytes


class RawClient:
    """One connection at a time, reopened after the server closes it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, request: Request) -> Reply:
        """The response. Sends the request again if a reused connection was closed."""
        fresh = self._streams is None
        reply = await self._exchange(request)
        if reply.status == 0 and not fresh:
            reply = await self._exchange(request)
        return reply

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def _exchange(self, request: Request) -> Reply:
        try:
            async with asyncio.timeout(UNFINISHED_S if request.drops else PATIENCE_S):
                if self._streams is None:
                    self._streams = await asyncio.open_connection("127.0.0.1", self._port, limit=2**20)
                reader, writer = self._streams
                writer.write(request.wire(b"127.0.0.1:%d" % self._port))
                await writer.drain()
                reply = await self._read(reader, request.method == b"HEAD")
        except TimeoutError:  # an OSError too
            reply = Reply(-1, {}, b"")
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            reply = Reply(0, {}, b"")
        if request.drops or reply.status <= 0 or reply.headers.get("connection", "").lower() == "close":
            self.close()
        return reply

    async def _read(self, reader: asyncio.StreamReader, head_only: bool) -> Reply:
        while True:
            first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")[:-4].split("\r\n")
            status = int(first.split(" ")[1])
            headers = {
                name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
            }
            if status >= 200:
                break
        if head_only or status in (204, 304):
            return Reply(status, headers, b"")
        if headers.get("transfer-encoding") == "chunked":
            return Reply(status, headers, await _chunks(reader))
        length = headers.get("content-length")
        return Reply(
            status, headers, await (reader.read() if length is None else reader.readexactly(int(length)))
        )


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        body += await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readuntil(b"\r\n")
    return body
