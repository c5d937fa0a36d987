"""Responses: bytes with headers, and 304 for conditional requests.

A handler returns an `Answer`, which Litestar passes on without encoding or copying.
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

# Cache-Control values (RFC 9111, RFC 5861) by kind of resource; each route chooses one.
OBJECT: Final = b"public, max-age=60, stale-while-revalidate=300, stale-if-error=86400"
LIST: Final = b"public, max-age=15"
STATIC: Final = b"public, max-age=3600"
PRIVATE: Final = b"private, no-store"
UNCACHED: Final = b"no-store"

JSON: Final = b"application/json"
MARKDOWN: Final = Form.MARKDOWN.content_type
VARY: Final = b"Accept-Encoding"  # of resources with one format
POLICY: Final = b"content-security-policy"
# Not in a 304: the client has them (RFC 9110 section 15.4.5), and links are half of the bytes.
_NOT_IN_304: Final = (b"last-modified", b"link", b"content-signal", b"x-markdown-tokens", POLICY)
NO_BODY: Final[HTTPResponseBodyEvent] = {"type": "http.response.body", "body": b"", "more_body": False}


class Answer:
    """An ASGI application that sends one response; for HEAD only its headers.

    `sent` are the headers with the content length, or those of a 204 or 304. `with_headers` adds the gateway's
    headers; set when a cached answer is first sent. `end` is the body message.
    """

    __slots__ = ("body", "end", "headers", "sent", "status", "with_headers")

    def __init__(self, status: int, headers: Headers, body: bytes = b"") -> None:
        self.status = status
        self.headers = headers
        self.body = body
        self.with_headers: Headers | None = None
        self.end: HTTPResponseBodyEvent = {"type": "http.response.body", "body": body, "more_body": False}
        if status == 304:
            self.sent = [field for field in headers if field[0] not in _NOT_IN_304]
        elif status == 204:
            self.sent = headers
        else:
            self.sent = [*headers, (b"content-length", b"%d" % len(body))]

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status, "headers": self.sent})
        await send(NO_BODY if scope["method"] == "HEAD" else self.end)


class LateAnswer(Answer):
    """A response that is compressed only when sent; repeated requests get the stored uncompressed body.

    With an ETag it is never compressed: the tag identifies a resource version, and each coding would need its
    own.
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
    """The runtime of this process."""
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
    """A response with this body, or 304.

    With `dated` false If-Modified-Since is ignored, because removals from a list do not change its date.
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
    """A response with the body in that coding."""
    return Answer(status, [*headers, *coding_header(coding)], packed(body, coding))


def text_headers(content_type: bytes, body: bytes) -> Headers:
    """The estimated token count, for Markdown only."""
    return [(b"x-markdown-tokens", b"%d" % tokens(body.decode()))] if content_type == MARKDOWN else []


def file_headers(
    request: HttpRequest, etag: str, last_modified: datetime, policy: bytes
) -> tuple[Headers, bool]:
    """Headers of a file with one coding; and whether the client's copy is current."""
    public = runtime_of(request).settings.public_reads
    headers = validators(etag, last_modified, policy if public else PRIVATE, VARY)
    return headers, _is_fresh(request, etag, last_modified)


def private_answer(status: int, value: Struct, more: Iterable[tuple[bytes, bytes]] = ()) -> Answer:
    """A response with an account's own data, which is not cached."""
    headers = [(b"cache-control", PRIVATE), (b"content-type", JSON), *more]
    return LateAnswer(status, headers, encode_json(value))


def private_read(request: HttpRequest, value: Struct, etag: str) -> Answer:
    """A response with an account's own object and its tag, or 304."""
    named = header(request.scope, b"if-none-match")
    tag = (b"etag", b'"%s"' % etag.encode())
    if named is not None and names_etag(named, etag):
        return Answer(304, [(b"cache-control", PRIVATE), tag])
    return private_answer(200, value, [tag])


def http_date(at: datetime) -> bytes:
    """`at`, in UTC, in HTTP date format."""
    return format_datetime(at, usegmt=True).encode()


def validators(etag: str, last_modified: datetime | None, policy: bytes, vary: bytes) -> Headers:
    """Headers common to a 200 and its 304."""
    headers = [(b"etag", b'"%s"' % etag.encode()), (b"cache-control", policy), (b"vary", vary)]
    if last_modified is not None:
        headers.append((b"last-modified", http_date(last_modified)))
    return headers


def _is_fresh(request: HttpRequest, etag: str, last_modified: datetime | None) -> bool:
    """Whether the client's copy is current (RFC 9110 section 13.2.2: If-None-Match takes precedence)."""
    named = header(request.scope, b"if-none-match")
    if named is not None:
        return names_etag(named, etag)
    since = header(request.scope, b"if-modified-since")
    return since is not None and last_modified is not None and is_unmodified(since, last_modified.timestamp())
