"""A story's citation, built on request because its freshness depends on the last check."""

from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from api.errors import NotFound
from api.operations.analyses.open_analysis import DEFAULT_MAX_AGE_S
from api.operations.stories.read_document import read_story
from api.operations.stories.resolve_story import NO_STORY
from api.rendering.citations import build_citation
from api.runtime.runtime import Runtime
from api.storage.stories.stories import get_current
from schemas.citations import Citation
from schemas.stories import Story

# As long as a verdict answers a submission without a new fetch.
_FRESH_FOR = timedelta(seconds=DEFAULT_MAX_AGE_S)


class Cited(Struct, kw_only=True, frozen=True):
    """The citation, and when its content last changed."""

    citation: Citation
    changed_at: datetime


async def cite_story(runtime: Runtime, id_or_slug: str) -> Cited:
    """Raises what `read_story` raises."""
    story_id, document = await read_story(runtime, id_or_slug)
    async with runtime.pool.connection() as connection:
        current = await get_current(connection, story_id)
    if current is None:
        raise NotFound(NO_STORY)
    story = msgspec.json.decode(document.body, type=Story)
    return Cited(
        citation=build_citation(
            story, checked_at=current.checked_at, fresh_for=_FRESH_FOR, site=runtime.site
        ),
        changed_at=max(document.last_modified, current.checked_at),
    )
