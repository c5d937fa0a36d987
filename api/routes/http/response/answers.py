"""Answers: bytes with their headers, and 304 where the client holds them already.

A handler returns an `Answer`, which Litestar passes on as it is: nothing is encoded or copied on the way.
"""

import hashlib
from collections.abc import Iterable, MutableMapping
from datetime import datetime
from email.utils import format_datetime
from typing import Any, Final

from litestar.types import Receive, Send
from litestar.types.asgi_types import HTTPResponseBodyEvent
from msgspec import Struct

from api.rendering.forms import Form
from api.rendering.markdown.page import tokens
from api.routes.http.request.content_encoding import coding_header, coding_of, packed
from api.routes.http.request.headers import header, is_unmodified, names_etag
from api.routes.http.request.types import Headers, HttpRequest
from api.runtime.runtime import Runtime
from schemas.wire import encode_json

# What caches may do (RFC 9111; stale answers: RFC 5861): a line a kind of resource; each route names its own.
OBJECT: Final = b"public, max-age=60, stale-while-revalidate=300, stale-if-error=86400"
LIST: Final = b"public, max-age=15"
STATIC: Final = b"public, max-age=3600"
PRIVATE: Final = b"private, no-store"
UNCACHED: Final = b"no-store"

JSON: Final = b"application/json"
MARKDOWN: Final = Form.MARKDOWN.content_type
VARY: Final = b"Accept-Encoding"  # of what has one form
POLICY: Final = b"content-security-policy"
# Not in a 304: who asks holds them (RFC 9110 section 15.4.5), and links are half of the bytes.
_OF_CONTENT: Final = (b"last-modified", b"link", b"content-signal", b"x-markdown-tokens", POLICY)
NO_BODY: Final[HTTPResponseBodyEvent] = {"type": "http.response.body", "body": b"", "more_body": False}


class Answer:
    """An ASGI application that sends one response; to HEAD its headers alone.

    `sent` are the headers with the body's length, or those of a 304; `dressed` are these with those of the door,
    once it gave an answer that is kept. `end` is the message with the body.
    """

    __slots__ = ("body", "dressed", "end", "headers", "sent", "status")

    def __init__(self, status: int, headers: Headers, body: bytes = b"") -> None:
        self.status = status
        self.headers = headers
        self.body = body
        self.dressed: Headers | None = None
        self.end: HTTPResponseBodyEvent = {"type": "http.response.body", "body": body, "more_body": False}
        if status == 304:
            self.sent = [field for field in headers if field[0] not in _OF_CONTENT]
        else:
            self.sent = [*headers, (b"content-length", b"%d" % len(body))]

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status, "headers": self.sent})
        await send(NO_BODY if scope["method"] == "HEAD" else self.end)


class LateAnswer(Answer):
    """One that is coded only as it is sent; what is stored of it for a repeated request is plain.

    One with an ETag stays plain: the tag is that of a state, and another coding would need another tag.
    """

    __slots__ = ()

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if any(name == b"etag" for name, _ in self.headers):
            await super().__call__(scope, receive, send)
            return
        headers = self.headers
        if not any(name == b"vary" and VARY in value for name, value in headers):
            headers = [*headers, (b"vary", VARY)]
        answer = coded_answer(self.status, headers, self.body, coding_of(scope, self.body))
        await answer(scope, receive, send)


def runtime_of(request: HttpRequest) -> Runtime:
    """What this process holds."""
    runtime: Runtime = request.scope["litestar_app"].state.runtime
    return runtime


def body_answer(
    request: HttpRequest,
    body: bytes,
    policy: bytes,
    *,
    last_modified: datetime | None,
    dated: bool = True,
    content_type: bytes = JSON,
    more: Iterable[tuple[bytes, bytes]] = (),
    vary: bytes = VARY,
) -> Answer:
    """Bytes made for this request, or 304.

    With `dated` false If-Modified-Since is not answered: what has left a list leaves no date behind.
    """
    coding = coding_of(request.scope, body)
    digest = hashlib.sha256(body).hexdigest()[:32]
    etag = f"{digest}-{coding}" if coding else digest
    public = runtime_of(request).settings.public_reads
    headers = [*validators(etag, last_modified, policy if public else PRIVATE, vary), *more]
    if _is_fresh(request, etag, last_modified if dated else None):
        return Answer(304, headers)
    return coded_answer(200, [*headers, (b"content-type", content_type)], body, coding)


def coded_answer(status: int, headers: Headers, body: bytes, coding: str | None) -> Answer:
    """An answer with the body in that coding."""
    return Answer(status, [*headers, *coding_header(coding)], packed(body, coding))


def text_headers(content_type: bytes, body: bytes) -> Headers:
    """Of Markdown: how many tokens of a language model it takes, about. Of all else nothing."""
    return [(b"x-markdown-tokens", b"%d" % tokens(body.decode()))] if content_type == MARKDOWN else []


def file_headers(
    request: HttpRequest, etag: str, last_modified: datetime, policy: bytes
) -> tuple[Headers, bool]:
    """Of what has one coding and is sent from elsewhere; and whether the client's copy is current."""
    public = runtime_of(request).settings.public_reads
    headers = validators(etag, last_modified, policy if public else PRIVATE, VARY)
    return headers, _is_fresh(request, etag, last_modified)


def private_answer(status: int, value: Struct, more: Iterable[tuple[bytes, bytes]] = ()) -> Answer:
    """An account's own data, which no cache keeps."""
    headers = [(b"cache-control", PRIVATE), (b"content-type", JSON), *more]
    return LateAnswer(status, headers, encode_json(value))


def http_date(at: datetime) -> bytes:
    """`at`, in UTC, as headers write dates."""
    return format_datetime(at, usegmt=True).encode()


def validators(etag: str, last_modified: datetime | None, policy: bytes, vary: bytes) -> Headers:
    """What a 200 and its 304 have in common."""
    headers = [(b"etag", b'"%s"' % etag.encode()), (b"cache-control", policy), (b"vary", vary)]
    if last_modified is not None:
        headers.append((b"last-modified", http_date(last_modified)))
    return headers


def _is_fresh(request: HttpRequest, etag: str, last_modified: datetime | None) -> bool:
    """Whether the client's copy is current (RFC 9110 section 13.2.2: If-None-Match goes first)."""
    named = header(request.scope, b"if-none-match")
    if named is not None:
        return names_etag(named, etag)
    since = header(request.scope, b"if-modified-since")
    return since is not None and last_modified is not None and is_unmodified(since, last_modified.timestamp())
