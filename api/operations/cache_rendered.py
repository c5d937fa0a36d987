"""Puts the documents of a story that was just rendered into Valkey, and says that it has changed."""

from api.cache.documents import put_cached
from api.operations.announce import announce
from api.operations.render_story import Rendered
from api.operations.runtime import Runtime
from api.rendering.forms import Form


async def cache_rendered(runtime: Runtime, rendered: Rendered | None) -> None:
    """After the commit; what is lost here is read from the database."""
    if rendered is not None:
        for form, document in rendered.story.items():
            await put_cached(runtime.cache, rendered.story_id, form, document)
        await put_cached(runtime.cache, rendered.verdict_id, Form.JSON, rendered.verdict)
        await announce(runtime)
