"""A subscriber's endpoint: real HTTP on loopback, which records requests and responds as a test chooses."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec
from standardwebhooks.webhooks import Webhook

from schemas.events import Event


@dataclass
class Received:
    """One request: its headers, with lower-case names, and its body."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> Event:
        return msgspec.json.decode(self.body, type=Event)

    def verify(self, secret: str) -> None:
        """Raises if the signature does not match the secret."""
        Webhook(secret).verify(self.body, self.headers)


@dataclass
class Reply:
    """`hang` sends nothing until the receiver closes; `endless` sends a body without end.

    `drip` sends a byte of the head each half second, `reset` closes the connection. `raw` replaces status line
    and headers. The response waits for `after`.
    """

    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    hang: bool = False
    endless: bool = False
    drip: bool = False
    reset: bool = False
    raw: bytes = b""
    after: asyncio.Event | None = None

    @property
    def good(self) -> bool:
        """Whether the sender may count it as a success."""
        return 200 <= self.status < 300 and not (self.hang or self.drip or self.reset)


class Receiver:
    """`replies[path]` is a Reply or a function of the request; the default is 204."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.replies: dict[str, Reply | Callable[[Received], Reply]] = {}
        self.port = 0
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> "Receiver":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for writer in list(self._open):
            writer.close()

    def of(self, path: str) -> list[Received]:
        return [one for one in self.received if one.path == path and one.event.type != "webhook.ping"]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {}
            for line in filter(None, head[1:]):
                name, _, value = line.partition(":")
                headers[name.lower()] = value.strip()
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            request = Received(head[0].split(" ")[1], headers, body)
            self.received.append(request)
            reply = self.replies.get(request.path, Reply())
            reply = reply if isinstance(reply, Reply) else reply(request)
            if reply.after is not None:
                await reply.after.wait()
            if reply.hang:
                await reader.read()
                return
            if reply.reset:
                writer.transport.abort()
                return
            if reply.drip:
                writer.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while reply.drip:
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(0.5)
            lines = [f"HTTP/1.1 {reply.status} X", "Connection: close"]
            lines += [f"{name}: {value}" for name, value in reply.headers.items()]
            writer.write(reply.raw or "\r\n".join(lines).encode() + b"\r\n\r\n" + reply.body)
            while reply.endless:
                writer.write(b"x" * 65_536)
                await writer.drain()
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self._open.discard(writer)
            writer.close()
