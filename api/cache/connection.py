"""The Valkey connection of a process. No request waits for an unavailable server."""

import asyncio
import hashlib
import time
from collections.abc import Callable, Sequence
from typing import Any

import hiredis
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from api.cache.pipelined_connection import Part, Pipe

TIMEOUT_S = 1.0  # to connect; a response takes about as long at most
PAUSE_S = (
    1.0  # after a failure the server is left alone; then one command looks for it, and others do not wait
)


class Script:
    """A Lua script; the server caches it by digest."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.digest = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


class Cache:
    """`call` runs a command and returns None if the server is unavailable; `client` is None if none is
    configured.
    """

    def __init__(self, redis_url: str | None, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._paused_until = 0.0
        self._lost = False
        self._probing = False
        self._pipe: Pipe | None = None
        self._opening: asyncio.Task[Pipe] | None = None
        self.client: Redis | None = None
        if redis_url:
            self.client = Redis.from_url(
                redis_url,
                socket_timeout=TIMEOUT_S,
                socket_connect_timeout=TIMEOUT_S,
                retry=Retry(NoBackoff(), 0),
                driver_info=None,  # skips reading the library's metadata from disk on each connection
            )

    @property
    def up(self) -> bool:
        """Whether the last command succeeded; False without a configured server."""
        return self.client is not None and not self._lost

    async def call(self, *parts: Part) -> Any:
        """The command's result; None without a server, after a timeout, or on an error."""
        answer = await self._ask(parts)
        return self._lose() if isinstance(answer, hiredis.ReplyError) else answer

    async def run(self, script: Script, keys: Sequence[Part], arguments: Sequence[Part]) -> Any:
        """The script's result, as for `call`."""
        rest = (len(keys), *keys, *arguments)
        answer = await self._ask(("EVALSHA", script.digest, *rest))
        if isinstance(answer, hiredis.ReplyError) and str(answer).startswith("NOSCRIPT"):
            return await self.call("EVAL", script.text, *rest)
        return self._lose() if isinstance(answer, hiredis.ReplyError) else answer

    async def _ask(self, parts: Sequence[Part]) -> Any:
        """The result, which may be a ReplyError; None if the server is unavailable."""
        if self.client is None or (self._lost and (self._probing or self._monotonic() < self._paused_until)):
            return None
        probes = self._probing = self._lost
        try:
            pipe = self._pipe
            if pipe is None or pipe.ended:
                pipe = await self._opened(self.client)
            answer = await pipe.call(*parts)
            self._lost = False
            return answer
        except (RedisError, OSError, TimeoutError):
            return self._lose()
        finally:
            if probes:
                self._probing = False

    def _lose(self) -> None:
        self._lost = True
        self._paused_until = self._monotonic() + PAUSE_S

    async def _opened(self, client: Redis) -> Pipe:
        """A new connection, shared by concurrent callers and opened even if they are cancelled."""
        if self._opening is None or self._opening.done():
            self._opening = asyncio.create_task(self._open(client))
        return await asyncio.shield(self._opening)

    async def _open(self, client: Redis) -> Pipe:
        if self._pipe is not None:
            await self._pipe.close()
        self._pipe = Pipe()
        await self._pipe.open(client.connection_pool)
        return self._pipe

    async def close(self) -> None:
        if self._pipe is not None:
            await self._pipe.close()
        if self.client is not None:
            await self.client.aclose()
