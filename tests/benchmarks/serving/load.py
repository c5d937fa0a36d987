"""Requests over kept connections, one at a time on each; and the CPU that a server's processes took for them."""

import asyncio
from collections.abc import Mapping
from pathlib import Path


def cpu_seconds(pid: int) -> float:
    """Of the process and of all below it, from Linux's /proc, which counts nanoseconds a thread."""
    seconds = 0.0
    for task in Path(f"/proc/{pid}/task").iterdir():
        seconds += int((task / "schedstat").read_text().split()[0]) / 1e9
        seconds += sum(cpu_seconds(int(child)) for child in (task / "children").read_text().split())
    return seconds


async def ask(port: int, path: str, headers: Mapping[str, str], *, requests: int, connections: int) -> None:
    """Send so many requests in all. Raises RuntimeError for an answer that is neither 200 nor 304."""
    lines = [f"GET {path} HTTP/1.1", "Host: bench.example", *(f"{n}: {v}" for n, v in headers.items())]
    request = "\r\n".join([*lines, "", ""]).encode()
    each = requests // connections
    await asyncio.gather(*(_connection(port, request, each) for _ in range(connections)))


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
