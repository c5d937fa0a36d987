"""Puts the documents of a story that was just rendered into Valkey."""

from api.cache.documents import put_cached
from api.operations.render_story import JSON, Rendered
from api.operations.runtime import Runtime


async def cache_rendered(runtime: Runtime, rendered: Rendered | None) -> None:
    """After the commit; what is lost here is read from the database."""
    if rendered is not None:
        await put_cached(runtime.cache, rendered.story_id, JSON, rendered.story)
        await put_cached(runtime.cache, rendered.verdict_id, JSON, rendered.verdict)
