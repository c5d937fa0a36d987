"""From any spelling of a page's URL to its story."""

from msgspec import Struct

from api.errors import NotFound, placed
from api.operations.stories.lookup_keys import lookup_keys
from api.operations.stories.read_document import read_story
from api.rendering.documents import RenderedDocument
from api.runtime.runtime import Runtime
from api.storage.stories.aliases import find_story_id
from api.web.urls import normalize
from schemas.enums import AliasKind


class Found(Struct, kw_only=True, frozen=True):
    """The story behind a URL, and how the URL names it."""

    normalized_url: str
    alias: AliasKind
    story: RenderedDocument


async def look_up_url(runtime: Runtime, url: str) -> Found:
    """Tracking parameters, mobile hosts, archives and the like do not matter.

    Raises NotFound, Gone, InvalidRequest and UrlNotAllowed of the URL's parser, Unavailable.
    """
    with placed(parameter="url"):
        normalized, keys = normalize(url), lookup_keys(url)
    async with runtime.pool.connection() as connection:
        found = await find_story_id(connection, keys)
    if found is None:
        raise NotFound("No story is known at this URL; POST /v1/analyses has it read.")
    story_id, alias = found
    _, document = await read_story(runtime, story_id)
    return Found(normalized_url=normalized, alias=alias, story=document)
