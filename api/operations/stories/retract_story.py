"""Retracts a story: every form answers 410 with the reason, even if a running job publishes it later."""

from msgspec import Struct

from api.cache.documents import forget_cached
from api.errors import NotFound
from api.operations.stories.indexnow import note_for_search
from api.operations.stories.resolve_story import NO_STORY
from api.runtime.broadcast_invalidation import announce
from api.runtime.runtime import Runtime
from api.storage.database.pool import Connection
from api.storage.language_models import model_answers
from api.storage.log.audit_log import Origin, append_audit
from api.storage.log.events import NewEvent, append_events
from api.storage.stories import proposals, retractions, stories
from api.storage.stories.retractions import DocumentName
from schemas.events import EventType
from schemas.retractions import StoryRetraction, Tombstone


class Retracted(Struct, kw_only=True, frozen=True):
    """The tombstone, and the documents that caches may still contain (see `purge`)."""

    tombstone: Tombstone
    documents: list[DocumentName]


async def retract_story(
    connection: Connection, runtime: Runtime, id_or_slug: str, retraction: StoryRetraction, *, origin: Origin
) -> Retracted:
    """Retract in the caller's transaction, as its last statement. A retracted story stays as it was.

    The story's row is locked: a publication comes before and is retracted too, or after and sees the
    retraction. Raises NotFound.
    """
    found = await stories.find_story(connection, id_or_slug)
    if found is None:
        raise NotFound(NO_STORY)
    story = await stories.lock_story(connection, found.id)
    existing = await retractions.get_tombstone(connection, story.id)
    if existing is not None:
        return Retracted(tombstone=existing, documents=[])
    tombstone = Tombstone(
        story_id=story.id,
        reason=retraction.reason,
        statement=retraction.statement,
        retracted_at=runtime.clock.now(),
    )
    cached = await retractions.retract(connection, tombstone)
    await proposals.delete_of_story(connection, story.id)
    await model_answers.delete_of_story(connection, story.id)
    now = tombstone.retracted_at
    await append_audit(connection, origin, "story.retracted", story.id, before=story, after=tombstone, at=now)
    event = NewEvent(
        id=runtime.clock.new_id("evt"),
        type=EventType.STORY_RETRACTED,
        account_id=None,
        story_id=story.id,
        data={
            "story_id": story.id,
            "verdict_id": story.verdict_id,
            "reason": tombstone.reason,
            "statement": tombstone.statement,
        },
    )
    await note_for_search(connection, runtime, story.id)
    await append_events(connection, [event], now)
    return Retracted(tombstone=tombstone, documents=cached)


async def purge(runtime: Runtime, retracted: Retracted) -> None:
    """Delete cached copies after the commit. `Changes` prevents serving any that is missed."""
    await forget_cached(runtime.cache, [(name.object_id, name.form) for name in retracted.documents])
    await announce(runtime)
