"""Requests over kept connections, one at a time on each; and the CPU that a server's processes took for them."""

import asyncio
import socket
import time
from collections.abc import Mapping
from pathlib import Path

MOST_AT_ONCE = 262_144


def cpu_seconds(pid: int) -> float:
    """Of the process and of all below it, from Linux's /proc, which counts nanoseconds a thread."""
    seconds = 0.0
    for task in Path(f"/proc/{pid}/task").iterdir():
        seconds += int((task / "schedstat").read_text().split()[0]) / 1e9
        seconds += sum(cpu_seconds(int(child)) for child in (task / "children").read_text().split())
    return seconds


async def ask(port: int, path: str, headers: Mapping[str, str], *, requests: int, connections: int) -> None:
    """Send so many requests in all. Raises RuntimeError for an answer that is neither 200 nor 304."""
    each = requests // connections
    await asyncio.gather(*(_connection(port, _request(path, headers), each) for _ in range(connections)))


def wait_for(port: int, path: str, *, requests: int) -> float:
    """The seconds until the last byte of the last answer, one request after the other on a plain socket.

    asyncio's streams would add a tenth to a page of a hundred stories, none of it the server's. Raises
    RuntimeError for an answer that is not 200.
    """
    request = _request(path, {})
    with socket.create_connection(("127.0.0.1", port)) as connection:
        began = time.monotonic()
        for _ in range(requests):
            connection.sendall(request)
            head = b""
            while b"\r\n\r\n" not in head:
                head += connection.recv(MOST_AT_ONCE)
            head, _, rest = head.partition(b"\r\n\r\n")
            if head[9:12] != b"200":
                raise RuntimeError(head.decode("latin-1"))
            left = int(_field(head + b"\r\n", b"content-length:")) - len(rest)
            while left:
                left -= len(connection.recv(min(left, MOST_AT_ONCE)))
        return time.monotonic() - began


def _request(path: str, headers: Mapping[str, str]) -> bytes:
    lines = [f"GET {path} HTTP/1.1", "Host: bench.example", *(f"{n}: {v}" for n, v in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()


async def _connection(port: int, request: bytes, count: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(count):
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if head[9:12] not in (b"200", b"304"):
            raise RuntimeError(head.decode("latin-1"))
        if head[9:12] == b"200":
            await reader.readexactly(int(_field(head, b"content-length:")))
    writer.close()
    await writer.wait_closed()


def _field(head: bytes, name: bytes) -> bytes:
    return next(line[len(name) :] for line in head.lower().split(b"\r\n") if line.startswith(name))
