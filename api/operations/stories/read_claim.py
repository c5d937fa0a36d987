"""Reads one claim as bytes."""

from datetime import datetime

from msgspec import Struct

from api.errors import NotFound
from api.operations.stories.resolve_story import gone
from api.rendering.forms import Form
from api.rendering.represent import represent_claim
from api.rendering.subject import Subject
from api.runtime.runtime import Runtime
from api.storage.stories.claims import get_claim
from api.storage.stories.stories import get_story
from schemas.enums import StoryStatus
from schemas.ids import is_id
from schemas.wire import encode_json

_NO_CLAIM = "There is no such claim."


class ClaimDocument(Struct, kw_only=True, frozen=True):
    """One form of a claim."""

    body: bytes
    changed_at: datetime


async def read_claim(
    runtime: Runtime, claim_id: str, form: Form = Form.JSON, *, budget: int | None = None
) -> ClaimDocument:
    """`budget` applies to Markdown only. Raises NotFound, Gone if the story is retracted, Unavailable."""
    if not is_id("clm", claim_id):
        raise NotFound(_NO_CLAIM)
    async with runtime.pool.connection() as connection:
        stored = await get_claim(connection, claim_id)
        if stored is None:
            raise NotFound(_NO_CLAIM)
        if stored.status is StoryStatus.RETRACTED:
            raise await gone(connection, stored.story_id)
        if form is Form.JSON:
            return ClaimDocument(body=encode_json(stored.claim()), changed_at=stored.changed_at)
        record = await get_story(connection, stored.story_id)
    if record is None:
        raise NotFound(_NO_CLAIM)
    subject = Subject(facts=record.facts, source=record.source)
    return ClaimDocument(
        body=represent_claim(
            form,
            stored.claim(),
            subject,
            runtime.site,
            budget=budget,
            superseded_by=stored.superseded_by,
        ),
        changed_at=max(stored.changed_at, record.facts.updated_at, record.source_updated_at),
    )
