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

# A local Valkey answers in under a millisecond, but a process that gets too little of its machine must not take
# its own slowness for the server's: it would count quotas by itself, and let a crowd through.
TIMEOUT_S = 1.0
PAUSE_S = (
    1.0  # after a failure the server is left alone; then one command looks for it, and others do not wait
)
# At a time, and so connections: a crowd that opened one each would make the server seem to be away by the mere
# work of it, and then nothing is counted for all processes together. Who waited for a turn looks again.
MOST_COMMANDS = 20


class Cache:
    """`ask` runs a command and gives None where the server is away; `client` is None where there is none."""

    def __init__(self, redis_url: str | None, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._paused_until = 0.0
        self._lost = False
        self._looking = False
        self._turns = asyncio.Semaphore(MOST_COMMANDS)
        self.client: Redis | None = None
        if redis_url:
            self.client = Redis.from_url(
                redis_url,
                socket_timeout=TIMEOUT_S,
                socket_connect_timeout=TIMEOUT_S,
                retry=Retry(NoBackoff(), 0),
            )

    @property
    def up(self) -> bool:
        """Whether the last command was answered; False without a server configured."""
        return self.client is not None and not self._lost

    async def ask(self, command: Callable[[Redis], Awaitable[T]]) -> T | None:
        """The command's answer, None where there is no server or it does not answer in time."""
        if self.client is None or self._given_up():
            return None
        async with self._turns:
            if self._given_up():
                return None
            self._looking = self._lost
            try:
                answer = await command(self.client)
                self._lost = False
                return answer
            except (RedisError, OSError, TimeoutError):
                self._lost = True
                self._paused_until = self._monotonic() + PAUSE_S
                return None
            finally:
                self._looking = False

    def _given_up(self) -> bool:
        """Whether the server is away, as far as is known, and nobody need look for it now."""
        return self._lost and (self._looking or self._monotonic() < self._paused_until)

    async def close(self) -> None:
        if self.client is not None:
            await self.client.aclose()
