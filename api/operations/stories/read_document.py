"""Reads stories and verdicts as bytes: from Valkey, the documents table, or rendered on demand."""

from api.cache.documents import get_cached, put_cached
from api.cache.slugs import get_story_id, put_story_id
from api.errors import NotFound
from api.operations.stories.render_story import render_story, render_verdict
from api.operations.stories.resolve_story import NO_STORY, NO_VERDICT, gone
from api.rendering.documents import RenderedDocument
from api.rendering.forms import Form
from api.runtime.runtime import Runtime
from api.storage.database.pool import Connection
from api.storage.stories import documents, stories
from api.storage.stories.documents import StoredDocument
from schemas.enums import StoryStatus
from schemas.ids import is_id


async def read_story(
    runtime: Runtime, id_or_slug: str, form: Form = Form.JSON
) -> tuple[str, RenderedDocument]:
    """A story's id and one of its forms.

    Raises NotFound; Gone for a retracted story; Unavailable if it is not cached and PostgreSQL is down.
    """
    story_id = id_or_slug
    if not is_id("sty", id_or_slug):
        story_id = await runtime.single_flight.run(
            ("slug", id_or_slug), lambda: _find_story_id(runtime, id_or_slug)
        )
    return story_id, await runtime.single_flight.run(
        (story_id, form), lambda: _read_story(runtime, story_id, form)
    )


async def _read_story(runtime: Runtime, story_id: str, form: Form) -> RenderedDocument:
    document = await _cached(runtime, story_id, form)
    if document is not None:
        return document
    async with runtime.pool.connection() as connection:
        stored = await documents.get_story_document(connection, story_id, form)
        document = await _current_document(connection, stored, runtime.renderer, NO_STORY)
        if document is None:
            async with connection.transaction():
                document = (await render_story(connection, runtime, story_id, [form])).story[form]
    await put_cached(runtime.cache, story_id, form, document)
    return document


async def read_verdict(runtime: Runtime, verdict_id: str, form: str = Form.JSON) -> RenderedDocument:
    """One form of a verdict. Raises what `read_story` raises."""
    if not is_id("vrd", verdict_id):
        raise NotFound(NO_VERDICT)
    return await runtime.single_flight.run(
        (verdict_id, form), lambda: _read_verdict(runtime, verdict_id, form)
    )


async def _read_verdict(runtime: Runtime, verdict_id: str, form: str) -> RenderedDocument:
    document = await _cached(runtime, verdict_id, form)
    if document is not None:
        return document
    async with runtime.pool.connection() as connection:
        stored = await documents.get_verdict_document(connection, verdict_id, form)
        document = await _current_document(connection, stored, runtime.renderer, NO_VERDICT)
        if document is None:
            document = await render_verdict(connection, runtime, verdict_id, form)
    await put_cached(runtime.cache, verdict_id, form, document)
    return document


async def _cached(runtime: Runtime, object_id: str, form: str) -> RenderedDocument | None:
    """The document in Valkey; returns None if it is missing or known to be stale."""
    document = await get_cached(runtime.cache, object_id, form, runtime.renderer)
    return document if document is not None and runtime.changes.is_current(document) else None


async def _current_document(
    connection: Connection, stored: StoredDocument | None, renderer: str, missing: str
) -> RenderedDocument | None:
    """The stored document; returns None if it must be rendered again."""
    if stored is None:
        raise NotFound(missing)
    if stored.status is StoryStatus.RETRACTED:
        raise await gone(connection, stored.story_id)
    document = stored.document
    if document is None or document.renderer != renderer or document.version < stored.shown_version:
        return None
    return document


async def _find_story_id(runtime: Runtime, slug: str) -> str:
    story_id = await get_story_id(runtime.cache, slug)
    if story_id is not None:
        return story_id
    async with runtime.pool.connection() as connection:
        story = await stories.find_story(connection, slug)
    if story is None:
        raise NotFound(NO_STORY)
    await put_story_id(runtime.cache, slug, story.id)
    return story.id
