"""A thousand sites in one server, each with a feed that has an ETag, and a robots.txt. `python -m ... PORT`.

A request of `/turn` adds an entry to two feeds of a hundred.
"""

import asyncio
import sys
from typing import Final

ENTRIES: Final = 20  # entries of a feed; half of the newspapers' feeds have between 10 and 30
CHANGING: Final = 50  # one host of this number changes at a turn
ROBOTS: Final = b"User-agent: *\nDisallow: /search\n"
WORDS: Final = (
    "<description>" + "Two further turbines depend on the findings of the institute. " * 6 + "</description>"
)


class Sites:
    def __init__(self) -> None:
        self.turn = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
            writer.write(self._answer(head.split(" ", 2)[1], headers))
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def _answer(self, path: str, headers: dict[str, str]) -> bytes:
        if path == "/turn":
            self.turn += 1
            return _reply(200, b"", "text/plain")
        if path == "/robots.txt":
            return _reply(200, ROBOTS, "text/plain")
        host = headers["host"].partition(":")[0]
        changed = self.turn if int(host.partition(".")[0][4:]) % CHANGING == 0 else 0
        etag = f'"{changed}"'
        if headers.get("if-none-match") == etag:
            return _reply(304, b"", None, etag)
        items = "".join(
            f"<item><title>Turbine {number}</title><link>http://{host}/{number}</link>{WORDS}</item>"
            for number in range(changed + ENTRIES, changed, -1)
        )
        document = (
            f'<?xml version="1.0"?><rss version="2.0"><channel><title>All</title>{items}</channel></rss>'
        )
        return _reply(200, document.encode(), "application/rss+xml", etag)


def _reply(status: int, body: bytes, media_type: str | None, etag: str | None = None) -> bytes:
    lines = [f"HTTP/1.1 {status} X", "Connection: close"]
    lines += [f"Content-Length: {len(body)}"] if status != 304 else []
    lines += [f"Content-Type: {media_type}"] if media_type else []
    lines += [f"ETag: {etag}"] if etag else []
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def main() -> None:
    async with await asyncio.start_server(Sites().serve, "127.0.0.1", int(sys.argv[1])) as server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
