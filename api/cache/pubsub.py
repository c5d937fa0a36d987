"""A message that says nothing but: look, something has changed. It may be lost."""

import asyncio
from collections.abc import Callable

from redis.exceptions import RedisError

from api.cache.connection import PAUSE_S, Cache

_CHANNEL = "unspun:changes"
_HEARD_WITHIN_S = 10.0  # then the server is asked whether it is there


async def tell_of_changes(cache: Cache) -> None:
    """Say so to whoever listens."""
    await cache.call("PUBLISH", _CHANNEL, b"")


async def listen_for_changes(cache: Cache, heard: Callable[[], None]) -> None:
    """Call `heard` for every message, for ever; also when it is possible that one was missed."""
    while cache.client is not None:
        try:
            async with cache.client.pubsub(ignore_subscribe_messages=True) as messages:
                await messages.subscribe(_CHANNEL)
                heard()
                while True:
                    message = await messages.get_message(timeout=_HEARD_WITHIN_S)
                    if message is None:
                        await messages.ping()
                    elif message["type"] == "message":
                        heard()
        except (RedisError, OSError, TimeoutError):
            await asyncio.sleep(PAUSE_S)
