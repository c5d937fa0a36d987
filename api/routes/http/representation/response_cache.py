"""Documents that are dear to make and asked for by every crawler: made once, held for a while.

A copy ends when its time is over, or at once when a story was retracted: none lists what is gone for longer than
a process needs to hear of it. Many who ask at once wait for the one that makes it.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from api.errors import Unavailable
from api.rendering.documents import RenderedDocument, make_document
from api.routes.http.admission.operation import NoParameters
from api.routes.http.request.query import read_query
from api.routes.http.request.types import Headers, HttpRequest
from api.routes.http.response.answers import LIST, Answer, runtime_of, text_headers
from api.routes.http.response.link_headers import public_headers
from api.routes.http.response.prepared_responses import document_answer
from api.runtime.runtime import Runtime

MAX_BYTES: Final = 67_108_864  # of a process; the copy asked for longest ago goes first


@dataclass(frozen=True, slots=True)
class RenderedBody:
    """Bytes as they were just made, when what they show last changed, where they lead beside the service, and
    what else is said of them.
    """

    body: bytes
    changed_at: datetime | None
    links: Sequence[str] = ()
    more: Headers = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CachedResponse:
    """What is held of one name: `until` by the monotonic clock, while nothing but `withdrawn` was retracted."""

    document: RenderedDocument
    links: Sequence[str]
    more: Headers
    until: float
    withdrawn: frozenset[str]


class RenderedText(Protocol):
    """A text, and when what it shows last changed."""

    @property
    def text(self) -> str: ...

    @property
    def changed_at(self) -> datetime | None: ...


class ResponseCache:
    """One a process."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._copies: OrderedDict[str, CachedResponse] = OrderedDict()
        self._making: dict[str, asyncio.Lock] = {}
        self._bytes = 0
        self._began = runtime.clock.now()

    async def get(
        self, name: str, seconds: float, make: Callable[[], Awaitable[RenderedBody]]
    ) -> CachedResponse:
        """What is held of this name, made where there is nothing that is young enough.

        Raises what `make` raises, but for Unavailable where an older copy is held that names nothing retracted
        since.
        """
        lock = self._making.setdefault(name, asyncio.Lock())
        try:
            async with lock:
                copy = self._current(name)
                if copy is None or copy.until <= self._runtime.clock.monotonic():
                    copy = await self._made(name, seconds, make, copy)
                return copy
        finally:
            if not lock.locked():
                self._making.pop(name, None)

    def _current(self, name: str) -> CachedResponse | None:
        copy = self._copies.get(name)
        if copy is None:
            return None
        if copy.withdrawn != self._runtime.changes.retracted:
            self._drop(name)
            return None
        self._copies.move_to_end(name)
        return copy

    async def _made(
        self,
        name: str,
        seconds: float,
        make: Callable[[], Awaitable[RenderedBody]],
        older: CachedResponse | None,
    ) -> CachedResponse:
        withdrawn = self._runtime.changes.retracted
        try:
            fresh = await make()
        except Unavailable:
            if older is None:
                raise
            return older
        # compressed in a thread: some are megabytes, and the loop has others to answer
        document = await asyncio.to_thread(
            make_document,
            fresh.body,
            version=0,
            renderer="",
            last_modified=fresh.changed_at or self._began,
        )
        copy = CachedResponse(
            document, fresh.links, fresh.more, self._runtime.clock.monotonic() + seconds, withdrawn
        )
        self._drop(name)
        self._copies[name] = copy
        self._bytes += _size(document)
        while self._bytes > MAX_BYTES and len(self._copies) > 1:
            self._drop(next(iter(self._copies)))
        return copy

    def _drop(self, name: str) -> None:
        copy = self._copies.pop(name, None)
        if copy is not None:
            self._bytes -= _size(copy.document)


def _size(document: RenderedDocument) -> int:
    return len(document.body) + len(document.body_gzip) + len(document.body_br)


async def cached_answer(
    request: HttpRequest,
    name: str,
    seconds: float,
    make: Callable[[], Awaitable[RenderedText]],
    content_type: bytes,
) -> Answer:
    """The held text of this name, to a request without parameters."""
    read_query(request, NoParameters)

    async def made() -> RenderedBody:
        found = await make()
        body = found.text.encode()
        return RenderedBody(body, found.changed_at, more=text_headers(content_type, body))

    return await cached_bytes(request, name, seconds, made, content_type)


async def cached_bytes(
    request: HttpRequest,
    name: str,
    seconds: float,
    make: Callable[[], Awaitable[RenderedBody]],
    content_type: bytes,
) -> Answer:
    """What is held of this name."""
    held: ResponseCache = request.app.state.response_cache
    copy = await held.get(name, seconds, make)
    headers = [*public_headers(runtime_of(request), *copy.links), *copy.more]
    # what was retracted leaves no date behind, so only the tag counts
    return document_answer(request, copy.document, LIST, content_type=content_type, more=headers, dated=False)
