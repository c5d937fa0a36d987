"""Sequential requests on persistent connections, and the CPU of a server's processes."""

import asyncio
import socket
import time
from collections.abc import Mapping
from pathlib import Path

MAX_AT_ONCE = 262_144


def cpu_seconds(pid: int) -> float:
    """CPU of the process and its descendants, from Linux's /proc (nanoseconds for each thread)."""
    seconds = 0.0
    for task in Path(f"/proc/{pid}/task").iterdir():
        seconds += int((task / "schedstat").read_text().split()[0]) / 1e9
        seconds += sum(cpu_seconds(int(child)) for child in (task / "children").read_text().split())
    return seconds


class Clients:
    """Persistent connections to one port, one request at a time on each. Opening them in each short turn would
    cost all sides the same and hide their differences.
    """

    def __init__(self, port: int, connections: int) -> None:
        self._port = port
        self._count = connections
        self._open: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def ask(self, path: str, headers: Mapping[str, str], *, requests: int, status: int) -> None:
        """Send this number of requests. Raises RuntimeError if a status differs."""
        request, each, begin = _request(path, headers), requests // self._count, b"HTTP/1.1 %d " % status
        await asyncio.gather(*(_ask(*connection, request, each, begin) for connection in self._open))

    async def connect(self) -> None:
        """Open missing connections and those that the server has closed."""
        for reader, writer in self._open:
            if reader.at_eof():
                writer.close()
        self._open = [(reader, writer) for reader, writer in self._open if not reader.at_eof()]
        while len(self._open) < self._count:
            self._open.append(await asyncio.open_connection("127.0.0.1", self._port))


def wait_for(port: int, path: str, *, requests: int) -> float:
    """Seconds until the last byte of the last response, with sequential requests on a plain socket.

    asyncio's streams would add a tenth to a page of a hundred stories. Raises RuntimeError if a status is not
    200.
    """
    request = _request(path, {})
    with socket.create_connection(("127.0.0.1", port)) as connection:
        began = time.monotonic()
        for _ in range(requests):
            connection.sendall(request)
            head = b""
            while b"\r\n\r\n" not in head:
                head += connection.recv(MAX_AT_ONCE)
            head, _, rest = head.partition(b"\r\n\r\n")
            if head[9:12] != b"200":
                raise RuntimeError(head.decode("latin-1"))
            left = int(_field(head + b"\r\n", b"content-length:")) - len(rest)
            while left:
                left -= len(connection.recv(min(left, MAX_AT_ONCE)))
        return time.monotonic() - began


def _request(path: str, headers: Mapping[str, str]) -> bytes:
    lines = [f"GET {path} HTTP/1.1", "Host: bench.example", *(f"{n}: {v}" for n, v in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()


async def _ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes, count: int, begin: bytes
) -> None:
    for _ in range(count):
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(begin):
            raise RuntimeError(head.decode("latin-1"))
        if head[9:12] == b"200":
            await reader.readexactly(int(_field(head, b"content-length:")))


def _field(head: bytes, name: bytes) -> bytes:
    return next(line[len(name) :] for line in head.lower().split(b"\r\n") if line.startswith(name))
