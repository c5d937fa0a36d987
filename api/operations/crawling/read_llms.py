"""Builds llms.txt and llms-full.txt from the latest stories."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

from api.errors import Gone, NotFound
from api.operations.stories.read_document import read_story
from api.operations.stories.story_lists import list_latest
from api.rendering.forms import Form
from api.rendering.llms import Call, llms_full, llms_txt
from api.rendering.represent import represent_taxonomy
from api.runtime.runtime import Runtime

FULL_STORIES: Final = 100  # about as many as fit


class LlmsFile(Struct, kw_only=True, frozen=True):
    """The Markdown, and when a story in it last changed."""

    text: str
    changed_at: datetime | None


async def read_llms_txt(runtime: Runtime) -> LlmsFile:
    """Lists no story if reading needs a key. Raises Unavailable."""
    public = runtime.settings.public_reads
    latest = await list_latest(runtime) if public else []
    return LlmsFile(
        text=llms_txt(latest, runtime.site, public=public),
        changed_at=max((row.updated_at for row in latest), default=None),
    )


async def read_llms_full(runtime: Runtime, calls: Sequence[Call]) -> LlmsFile:
    """`calls` are the operations of the API. Raises Unavailable."""
    public, documents = runtime.settings.public_reads, []
    for row in await list_latest(runtime, most=FULL_STORIES) if public else []:
        try:
            documents.append((await read_story(runtime, row.id, Form.MARKDOWN))[1])
        except (NotFound, Gone):  # retracted since it was listed
            continue
    site = runtime.site
    return LlmsFile(
        text=llms_full(
            represent_taxonomy(Form.MARKDOWN, site.taxonomy, site).decode(),
            [document.body.decode() for document in documents],
            calls,
            site,
            public=public,
        ),
        changed_at=max((document.last_modified for document in documents), default=None),
    )
