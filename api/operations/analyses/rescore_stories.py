"""Judges the stored texts of many stories again, a few at a time."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Final, TypeAlias

from api.engines import LLM
from api.operations.analyses.rescore_story import queue_rescoring
from api.queue.enqueue import NOBODY_WAITS
from api.runtime.runtime import Runtime
from api.storage.analyses.analysis_jobs import get_backlog
from api.storage.database.pool import Connection
from api.storage.log.audit_log import Origin, append_audit
from api.storage.stories.proposals import list_stories_with_proposal
from api.storage.stories.verdicts import list_without_happening

BATCH: Final = 200  # jobs that may wait at a time

# At most so many ids of stories after an id, in order: (connection, after=..., limit=...).
ListStories: TypeAlias = Callable[..., Awaitable[list[str]]]


def rescore_without_happening(runtime: Runtime, *, origin: Origin) -> AsyncIterator[int]:
    """All stories whose verdict comes from an engine that did not tell what happened; see `_rescore`."""
    return _rescore(runtime, list_without_happening, origin)


def rescore_with_answers(runtime: Runtime, *, origin: Origin) -> AsyncIterator[int]:
    """All stories about which a language model's answers are stored: no model is called; see `_rescore`."""
    return _rescore(runtime, _list_with_answers, origin)


def rescore_stories(runtime: Runtime, story_ids: Sequence[str], *, origin: Origin) -> AsyncIterator[int]:
    """These stories, whose texts are stored; see `_rescore`."""
    ordered = sorted(story_ids)

    async def listed(_: Connection, *, after: str, limit: int) -> list[str]:
        return [story_id for story_id in ordered if story_id > after][:limit]

    return _rescore(runtime, listed, origin)


async def _list_with_answers(connection: Connection, *, after: str, limit: int) -> list[str]:
    return await list_stories_with_proposal(connection, LLM.name, after=after, limit=limit)


async def _rescore(runtime: Runtime, list_stories: ListStories, origin: Origin) -> AsyncIterator[int]:
    """Queue a job for each listed story; yields the number of jobs after each step.

    It is 0 while a full batch waits: the caller pauses. Stories whose text is not stored, or whose job waits, are
    skipped. After an interruption, a new call queues the rest.
    """
    last = ""
    while True:
        async with runtime.pool.transaction() as connection:
            waiting, _ = await get_backlog(connection, BATCH)
            if waiting < BATCH:
                found = await list_stories(connection, after=last, limit=BATCH - waiting)
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
