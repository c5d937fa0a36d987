"""A cheap client: HTTP/1.1 over persistent connections, requests by the clock, not by the responses."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Request:
    """`expected` are the successful statuses."""

    head: bytes
    body: bytes = b""
    expected: tuple[int, ...] = (200,)


def get(path: str, *headers: str, expected: tuple[int, ...] = (200,)) -> Request:
    lines = [f"GET {path} HTTP/1.1", "Host: unspun.test", *headers]
    return Request("\r\n".join(lines).encode() + b"\r\n\r\n", expected=expected)


def post(path: str, body: bytes, *headers: str, expected: tuple[int, ...]) -> Request:
    length = f"Content-Length: {len(body)}"
    lines = [f"POST {path} HTTP/1.1", "Host: unspun.test", "Content-Type: application/json", length, *headers]
    return Request("\r\n".join(lines).encode() + b"\r\n\r\n", body, expected)


@dataclass
class Outcome:
    """`waits` are in seconds from the time the request was due."""

    statuses: Counter[int] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)


class Client:
    """Sends `rate` requests a second from `make`, over at most `connections` connections."""

    def __init__(self, port: int, rate: float, make: Callable[[], Request], connections: int) -> None:
        self._port, self._rate, self._make, self._connections = port, rate, make, connections
        self._due: asyncio.Queue[tuple[float, Request]] = asyncio.Queue()
        self.outcome = Outcome()

    async def run(self, seconds: float) -> None:
        """Returns when all due requests have a response."""
        carriers = [asyncio.create_task(self._carry()) for _ in range(self._connections)]
        began = time.monotonic()
        for number in range(int(seconds * self._rate)):
            due = began + number / self._rate
            if (early := due - time.monotonic()) > 0:
                await asyncio.sleep(early)
            self._due.put_nowait((due, self._make()))
        await self._due.join()
        for carrier in carriers:
            carrier.cancel()
        await asyncio.gather(*carriers, return_exceptions=True)

    async def _carry(self) -> None:
        writer: asyncio.StreamWriter | None = None
        try:
            while True:
                due, request = await self._due.get()
                try:
                    if writer is None:
                        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
                    writer.write(request.head + request.body)
                    status, text, kept = await asyncio.wait_for(_answer(reader), 30)
                    self.outcome.statuses[status] += 1
                    self.outcome.waits.append(time.monotonic() - due)
                    if status not in request.expected:
                        line = request.head.partition(b"\r\n")[0].decode()
                        self.outcome.errors.append(f"{line}: {status} {text[:200].decode(errors='replace')}")
                    if not kept:
                        writer.close()
                        writer = None
                except (OSError, EOFError, TimeoutError, ValueError) as failed:
                    self.outcome.errors.append(f"{request.head.partition(b' HTTP')[0].decode()}: {failed!r}")
                    if writer is not None:
                        writer.close()
                    writer = None
                finally:
                    self._due.task_done()
        finally:
            if writer is not None:
                writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes, bool]:
    """Status, body, and whether the connection stays open. A 304 has no body, whatever its length header."""
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    status = int(lines[0].split(" ", 2)[1])
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    length = 0 if status in (204, 304) else int(headers["content-length"])
    return status, await reader.readexactly(length), headers.get("connection") != "close"
