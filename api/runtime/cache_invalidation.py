"""Tracks changes of stories and sources, so that each process drops stale copies.

Triggers record every change (migration 0011). Each process polls once a second, for 100 µs of CPU, and at once
on a message through Valkey. Messages alone would fail if Valkey is down, if a command uses only the database,
or if a late reader puts old bytes back into a cache. Triggers are deferred, so numbers follow commit order. A
record holds the row's version, so for ten minutes each process can tell which copy is stale. A process without
an answer for two seconds serves nothing from memory, and then starts with an empty cache.
"""

import asyncio
from collections import OrderedDict
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final

import structlog

from api.cache.response_cache import ResponseCache
from api.clock import Clock
from api.rendering.documents import RenderedDocument
from api.storage.database.pool import Pool
from api.storage.log.change_log import Change, list_changes
from api.storage.stories.documents import versions_of

log = structlog.get_logger(__name__)

INTERVAL_S: Final = 1.0
GATHERED_S: Final = 0.02  # delay after a message, since many stories may be published at once
GOOD_FOR_S: Final = 2.0  # how long an answer allows serving from memory
# Longer than a copy lives in Valkey, or a reader takes to store one.
WINDOW: Final = timedelta(minutes=10)
KEPT: Final = 2 * WINDOW  # retention in the database


class Changes:
    """One for each process. `memory` drops entries that are known to have changed.

    Until `fresh_until`, on the monotonic clock, cached entries may be served. `retracted` are recently
    retracted stories.
    """

    def __init__(
        self, pool: Pool, clock: Clock, documents: ResponseCache[Any], collections: ResponseCache[Any]
    ) -> None:
        self._pool = pool
        self._clock = clock
        self._documents = documents
        self._collections = collections
        self._last: int | None = None
        self.fresh_until = 0.0
        self._known: OrderedDict[str, tuple[float, Change]] = OrderedDict()
        self._asking = asyncio.Lock()
        self._told = asyncio.Event()
        self.watched = False

    def is_current(self, document: RenderedDocument) -> bool:
        """Whether no newer version of the document's rows is known."""
        shown = document.shows
        if shown is None:
            return True
        story, source = self._known.get(shown.story_id), self._known.get(shown.source_id)
        if story is None and source is None:
            return True
        version, source_version = versions_of(document.version)
        if source is not None and source_version < source[1].row_version:
            return False
        if story is None:
            return True
        # a verdict has its own version: of its story's changes only a retraction affects it
        of_story = shown.object_id == shown.story_id
        return not story[1].retracted and not (of_story and version < story[1].row_version)

    async def refresh(self) -> None:
        """Query the database. Raises Unavailable; known changes are kept."""
        async with self._asking:
            began = self._clock.monotonic()
            after = self._last if began < self.fresh_until else None
            try:
                async with self._pool.connection() as connection:
                    last, found = await list_changes(connection, after, WINDOW)
                    if after is not None and last < after:  # the database was replaced or restored
                        after = None
                        last, found = await list_changes(connection, after, WINDOW)
            except Exception:
                self._last = None
                raise
            if after is None:
                self._documents.clear()
                self._collections.clear()
            for change in found:
                self._note(change, began)
            self._forget(began)
            self._last, self.fresh_until = last, began + GOOD_FOR_S

    def look(self) -> None:
        """Refresh soon, because something has changed."""
        self._told.set()

    async def watch(self) -> None:
        """Refresh once a second, and after `look`, for ever."""
        self.watched = True
        while True:
            try:
                await self.refresh()
            except Exception as failed:  # the next round retries; readiness reports the database
                log.debug("changes_unknown", reason=repr(failed))
            with suppress(TimeoutError):
                async with asyncio.timeout(INTERVAL_S):
                    await self._told.wait()
                    await asyncio.sleep(GATHERED_S)
            self._told.clear()

    def _note(self, change: Change, now: float) -> None:
        if change.retracted:
            self._collections.clear()
        self._known[change.object_id] = (now, change)
        self._known.move_to_end(change.object_id)
        self._documents.drop_tagged(change.object_id)

    def _forget(self, now: float) -> None:
        oldest = now - WINDOW.total_seconds()
        while self._known and next(iter(self._known.values()))[0] < oldest:
            self._known.popitem(last=False)
