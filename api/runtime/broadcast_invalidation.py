"""Announces a committed change of served data to this process and the others."""

from contextlib import suppress

from api.cache.pubsub import tell_of_changes
from api.errors import Unavailable
from api.runtime.runtime import Runtime


async def announce(runtime: Runtime) -> None:
    """Refresh this process and notify the others; any that misses it learns within a second (`Changes`)."""
    if runtime.changes.watched:
        with suppress(Unavailable):
            await runtime.changes.refresh()
    await tell_of_changes(runtime.cache)
