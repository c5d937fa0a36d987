"""After a commit that changed what is shown: this process sees it at once, and the others are told to look."""

from contextlib import suppress

from api.cache.pubsub import tell_of_changes
from api.errors import Unavailable
from api.runtime.runtime import Runtime


async def announce(runtime: Runtime) -> None:
    """What is missed here every process finds within a second (`Changes`)."""
    if runtime.changes.watched:
        with suppress(Unavailable):
            await runtime.changes.refresh()
    await tell_of_changes(runtime.cache)
