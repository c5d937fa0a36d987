"""Name resolution with a deadline."""

import asyncio
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol


class Resolver(Protocol):
    """The source of addresses; replaced in tests."""

    async def resolve(self, host: str) -> Sequence[str]:
        """All addresses of the name, in the order to try them. Raises OSError if there are none."""
        ...


class SystemResolver:
    """The operating system's resolver, in its own threads.

    Names are absolute, so that no search list turns `a.b` into a name of the local network
    (`a.b.svc.cluster.local`). A look-up in a thread cannot be cancelled: its thread stays busy beyond the
    deadline. Separate threads protect the loop's default executor from slow name servers.
    """

    def __init__(self, seconds: float = 5.0, threads: int = 16) -> None:
        """`seconds`: the deadline of a look-up; `threads`: concurrent look-ups."""
        self._seconds = seconds
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="resolve")

    async def resolve(self, host: str) -> list[str]:
        """All addresses of the name. Raises OSError (TimeoutError after the deadline)."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(self._seconds):
            return await loop.run_in_executor(self._threads, _lookup, host)

    def close(self) -> None:
        """Release the threads without waiting for running look-ups."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _lookup(host: str) -> list[str]:
    absolute = f"{host}." if "." in host else host
    answers = socket.getaddrinfo(absolute, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in answers))
