"""Reads one source as bytes."""

from datetime import datetime

from msgspec import Struct

from api.errors import NotFound
from api.operations.stories.correct_source import NO_SOURCE
from api.operations.stories.story_lists import list_latest
from api.rendering.forms import Form
from api.rendering.represent import represent_source
from api.runtime.runtime import Runtime
from api.storage.stories.sources import get_source


class SourceDocument(Struct, kw_only=True, frozen=True):
    """One form of a source. `lists_stories`: it changes with every story of the source."""

    id: str
    body: bytes
    changed_at: datetime
    lists_stories: bool


async def read_source(
    runtime: Runtime, id_or_slug: str, form: Form = Form.JSON, *, budget: int | None = None
) -> SourceDocument:
    """`budget` applies to Markdown only. Raises NotFound, Unavailable."""
    async with runtime.pool.connection() as connection:
        source = await get_source(connection, id_or_slug)
    if source is None:
        raise NotFound(NO_SOURCE)
    latest = await list_latest(runtime, source.id) if form is Form.HTML else []
    return SourceDocument(
        id=source.id,
        body=represent_source(form, source, latest, runtime.site, budget=budget),
        changed_at=max([source.updated_at, *(row.updated_at for row in latest)]),
        lists_stories=form is Form.HTML,
    )
