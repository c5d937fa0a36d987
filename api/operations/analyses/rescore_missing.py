"""Judges the stored texts of stories again whose verdicts come from an engine without a field."""

from collections.abc import AsyncIterator
from typing import Final

from api.operations.analyses.rescore_story import queue_rescoring
from api.queue.enqueue import NOBODY_WAITS
from api.runtime.runtime import Runtime
from api.storage.analyses.analysis_jobs import get_backlog
from api.storage.log.audit_log import Origin, append_audit
from api.storage.stories.verdicts import list_without_happening

BATCH: Final = 200  # jobs that may wait at a time


async def rescore_without_happening(runtime: Runtime, *, origin: Origin) -> AsyncIterator[int]:
    """Queue a job for each such story; yields the number of jobs after each step.

    It is 0 while a full batch waits: the caller pauses. Stories whose text is not stored, or whose job waits, are
    skipped. After an interruption, a new call queues the rest.
    """
    last = ""
    while True:
        async with runtime.pool.transaction() as connection:
            waiting, _ = await get_backlog(connection, BATCH)
            if waiting < BATCH:
                found = await list_without_happening(connection, after=last, limit=BATCH - waiting)
                if not found:
                    return
                for story_id in found:
                    await queue_rescoring(connection, runtime, story_id, priority=NOBODY_WAITS)
                    await append_audit(
                        connection,
                        origin,
                        "story.rescored",
                        story_id,
                        before=None,
                        after=None,
                        at=runtime.clock.now(),
                    )
                last = found[-1]
        yield len(found) if waiting < BATCH else 0
