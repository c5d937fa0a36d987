"""Best-effort change notifications between processes, without content."""

import asyncio
from collections.abc import Callable

from redis.exceptions import RedisError

from api.cache.connection import PAUSE_S, Cache

_CHANNEL = "unspun:changes"
_PING_AFTER_S = 10.0  # without a message; detects a lost connection


async def tell_of_changes(cache: Cache) -> None:
    """Notify all listeners."""
    await cache.call("PUBLISH", _CHANNEL, b"")


async def listen_for_changes(cache: Cache, notify: Callable[[], None]) -> None:
    """Call `notify` for every message, and whenever one may have been missed; never ends."""
    while cache.client is not None:
        try:
            async with cache.client.pubsub(ignore_subscribe_messages=True) as messages:
                await messages.subscribe(_CHANNEL)
                notify()
                while True:
                    message = await messages.get_message(timeout=_PING_AFTER_S)
                    if message is None:
                        await messages.ping()
                    elif message["type"] == "message":
                        notify()
        except (RedisError, OSError, TimeoutError):
            await asyncio.sleep(PAUSE_S)
