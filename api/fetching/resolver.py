"""Names to addresses, once per connection, within a deadline."""

import asyncio
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol


class Resolver(Protocol):
    """Where the client learns addresses; tests pass one whose answers they choose."""

    async def resolve(self, host: str) -> Sequence[str]:
        """All addresses of the name, in the order to try them. Raises OSError when there are none."""
        ...


class SystemResolver:
    """The operating system's resolver, in threads of its own.

    Names are asked for as absolute ones: no search list is tried, through which `a.b` would become a name of
    the network that this service runs in (`a.b.svc.cluster.local`).
    A look-up in a thread cannot be cancelled: past the deadline its thread stays busy until the system gives
    up. Own threads keep a slow name server from starving whatever else uses the loop's default executor.
    """

    def __init__(self, seconds: float = 5.0, threads: int = 16) -> None:
        """`seconds` is the deadline of one look-up, `threads` the number that may run at once."""
        self._seconds = seconds
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="resolve")

    async def resolve(self, host: str) -> list[str]:
        """All addresses of the name. Raises OSError (TimeoutError past the deadline)."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(self._seconds):
            return await loop.run_in_executor(self._threads, _lookup, host)

    def close(self) -> None:
        """Let the threads go; look-ups still running are not waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _lookup(host: str) -> list[str]:
    absolute = f"{host}." if "." in host else host
    answers = socket.getaddrinfo(absolute, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in answers))
