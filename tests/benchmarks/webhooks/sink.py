"""`python -m tests.benchmarks.webhooks.sink`: a minimal receiver.

Prints its port. Paths that begin with `/hole` get no response. `GET /count` returns the number of other
requests, `GET /times` the time of each id's first delivery to `/well`.
"""

import asyncio
import json
import re
import time
from contextlib import suppress

import uvloop

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_ID = re.compile(rb"\r\nwebhook-id: *(\S+)", re.IGNORECASE)
_TAKEN = b"HTTP/1.1 204 No Content\r\n\r\n"
_TAKEN_LAST = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"

counted = 0
times: dict[str, float] = {}


class Sink(asyncio.Protocol):
    """One connection; a request may arrive in pieces."""

    def __init__(self) -> None:
        self.held = b""
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]  # uvloop has a class of its own

    def data_received(self, data: bytes) -> None:
        self.held += data
        while (end := self.held.find(b"\r\n\r\n")) >= 0:
            head = self.held[:end]
            length = _LENGTH.search(head)
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(self.held) < whole:
                return
            self.held = self.held[whole:]
            self._answer(head)

    def _answer(self, head: bytes) -> None:
        global counted
        assert self.transport is not None
        path = head.split(b" ", 2)[1]
        if path.startswith(b"/hole"):
            return
        if head.startswith(b"GET"):
            body = json.dumps(counted if path == b"/count" else times).encode()
            self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
            return
        counted += 1
        if path == b"/well" and (found := _ID.search(head)):
            times.setdefault(found[1].decode(), time.time())
        last = b"connection: close" in head.lower()
        self.transport.write(_TAKEN_LAST if last else _TAKEN)
        if last:
            self.transport.close()


async def main() -> None:
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0, backlog=4_096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        uvloop.run(main())
