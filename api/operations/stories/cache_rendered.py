"""Puts the documents of a story that was just rendered into Valkey, and says that it has changed."""

from api.cache.documents import put_cached
from api.operations.stories.render_story import Rendered
from api.rendering.forms import Form
from api.runtime.broadcast_invalidation import announce
from api.runtime.runtime import Runtime


async def cache_rendered(runtime: Runtime, rendered: Rendered | None) -> None:
    """After the commit; what is lost here is read from the database."""
    if rendered is not None:
        for form, document in rendered.story.items():
            await put_cached(runtime.cache, rendered.story_id, form, document)
        await put_cached(runtime.cache, rendered.verdict_id, Form.JSON, rendered.verdict)
        await announce(runtime)
