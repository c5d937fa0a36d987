"""One client for Valkey that never lets a request wait for a server that is away."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

T = TypeVar("T")

TIMEOUT_S = 0.25  # a local Valkey answers in under a millisecond; a read must not wait longer for a cache
PAUSE_S = (
    1.0  # after a failure the cache is left alone this long, so that an outage costs one time-out a second
)
# At a time, and so connections: a crowd that opened one each would make the server seem to be away by the mere
# work of it, and then nothing is counted for all processes together. Who waited for a turn looks again.
MOST_COMMANDS = 20


class Cache:
    """`ask` runs a command and gives None where the server is away."""

    def __init__(self, redis_url: str | None, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._paused_until = 0.0
        self._turns = asyncio.Semaphore(MOST_COMMANDS)
        self._client: Redis | None = None
        if redis_url:
            self._client = Redis.from_url(
                redis_url,
                socket_timeout=TIMEOUT_S,
                socket_connect_timeout=TIMEOUT_S,
                retry=Retry(NoBackoff(), 0),
            )

    @property
    def up(self) -> bool:
        """Whether the last command was answered; False without a server configured."""
        return self._client is not None and self._monotonic() >= self._paused_until

    async def ask(self, command: Callable[[Redis], Awaitable[T]]) -> T | None:
        """The command's answer, None where there is no server or it does not answer in time."""
        if self._client is None or self._monotonic() < self._paused_until:
            return None
        async with self._turns:
            if self._monotonic() < self._paused_until:
                return None
            try:
                return await command(self._client)
            except (RedisError, OSError, TimeoutError):
                self._paused_until = self._monotonic() + PAUSE_S
                return None

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()
