"""Sitemaps, feeds and files for language models: expensive to build and read by every crawler, so cached.

Each is served for some seconds, or until a story is retracted: no copy lists a retracted story for longer than
this process takes to learn of it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from api.cache.response_cache import Built
from api.rendering.documents import RenderedDocument, make_document
from api.routes.http.admission.operation import NoParameters
from api.routes.http.request.query import read_query
from api.routes.http.request.types import Headers, HttpRequest
from api.routes.http.response.answers import LIST, Answer, runtime_of, text_headers
from api.routes.http.response.link_headers import public_headers
from api.routes.http.response.prepared_responses import document_answer


@dataclass(frozen=True, slots=True)
class RenderedBody:
    """A body, when its content last changed, and its links and headers beside those of every public answer."""

    body: bytes
    changed_at: datetime | None
    links: Sequence[str] = ()
    more: Headers = field(default_factory=list)


class RenderedText(Protocol):
    """A text, and when its content last changed."""

    @property
    def text(self) -> str: ...

    @property
    def changed_at(self) -> datetime | None: ...


async def cached_text(
    request: HttpRequest,
    name: str,
    lifetime_s: float,
    build: Callable[[], Awaitable[RenderedText]],
    content_type: bytes,
) -> Answer:
    """`cached_body` of a text, for a request that must have no parameters."""
    read_query(request, NoParameters)

    async def build_body() -> RenderedBody:
        built = await build()
        body = built.text.encode()
        return RenderedBody(body, built.changed_at, more=text_headers(content_type, body))

    return await cached_body(request, name, lifetime_s, build_body, content_type)


async def cached_body(
    request: HttpRequest,
    name: str,
    lifetime_s: float,
    build: Callable[[], Awaitable[RenderedBody]],
    content_type: bytes,
) -> Answer:
    """The cached body of this name, built if there is none."""
    runtime, started_at = runtime_of(request), request.app.state.began

    async def build_document() -> Built[tuple[RenderedBody, RenderedDocument]]:
        built = await build()
        # compressed in a thread: some are megabytes, which would block the loop
        document = await asyncio.to_thread(
            make_document, built.body, version=0, renderer="", last_modified=built.changed_at or started_at
        )
        size = len(document.body) + len(document.body_gzip) + len(document.body_br)
        return Built((built, document), size, lifetime_s)

    built, document = await runtime.collections.get_or_build(name, build_document)
    headers = [*public_headers(runtime, *built.links), *built.more]
    # a retraction changes the body, not the newest date, so only the ETag is compared
    return document_answer(request, document, LIST, content_type=content_type, more=headers, dated=False)
