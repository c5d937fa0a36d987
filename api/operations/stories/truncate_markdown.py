"""Markdown cut to a token budget, built on request because budgets vary."""

from datetime import datetime

import msgspec
from msgspec import Struct

from api.errors import NotFound
from api.operations.stories.read_document import read_story, read_verdict
from api.operations.stories.render_story import subject_of_version
from api.operations.stories.resolve_story import NO_VERDICT
from api.rendering.markdown.page import digest
from api.rendering.markdown.stories import story_page
from api.rendering.markdown.verdicts import verdict_page
from api.runtime.runtime import Runtime
from api.storage.stories.verdicts import get_verdict
from schemas.stories import Story
from schemas.verdicts import Verdict


class Digest(Struct, kw_only=True, frozen=True):
    """The Markdown, and when its content last changed."""

    body: bytes
    last_modified: datetime


async def digest_story(runtime: Runtime, id_or_slug: str, budget: int) -> tuple[str, Digest]:
    """A story's id and its digest. Raises what `read_story` raises."""
    story_id, document = await read_story(runtime, id_or_slug)
    story = msgspec.json.decode(document.body, type=Story)
    body = digest(story_page(story, runtime.site), budget).encode()
    return story_id, Digest(body=body, last_modified=document.last_modified)


async def digest_verdict(runtime: Runtime, verdict_id: str, budget: int) -> Digest:
    """Raises what `read_verdict` raises."""
    document = await read_verdict(runtime, verdict_id)
    async with runtime.pool.connection() as connection:
        row = await get_verdict(connection, verdict_id)
        if row is None:
            raise NotFound(NO_VERDICT)
        subject = await subject_of_version(connection, row)
    verdict = msgspec.json.decode(document.body, type=Verdict)
    body = digest(verdict_page(verdict, subject, runtime.site), budget).encode()
    return Digest(body=body, last_modified=document.last_modified)
