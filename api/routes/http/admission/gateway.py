"""The outermost layer: adds request id, headers and access log to every response, also to 404s of the router.

Cached reads are answered here before routing, from process memory, without database, Valkey, rendering or
compression:

1. Publication stores a story's formats as bytes, compressed with gzip and br. The first read loads them
   (`operations/stories/read_document.py`); `response/prepared_responses.py` makes a `PreparedResponse` (200 and
   304 in all codings), cached in `runtime.documents` (`cache/response_cache.py`) with story and source as tags.
2. The next request of the path without a query finds it (`prepared`), takes a prefetched quota unit
   (`limits.take_read`), and gets the variant for its Accept-Encoding and If-None-Match.
3. Database triggers record changes; each process polls them every second, or when notified
   (`runtime/cache_invalidation.py`), and drops entries by tag. A process that could not poll for two seconds
   (`changes.fresh_until`) does not use the cache.

The cached answer is the object returned by the route; a second implementation of headers and conditions would
diverge. A property test compares both paths byte for byte.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Set
from enum import Enum, auto
from math import inf
from typing import Any, Final, TypeAlias

from litestar import Request
from litestar.types import Message, Receive, Send
from msgspec import UNSET

from api.clock import Clock
from api.errors import InvalidRequest, NotFound
from api.pulse import Pulse
from api.routes.http.admission.access_log import AccessLog
from api.routes.http.admission.disconnects import DisconnectWatch
from api.routes.http.admission.limits import Limits
from api.routes.http.request.headers import MAX_HEADER_BYTES, check_size, headers_of
from api.routes.http.request.negotiation import take_suffix
from api.routes.http.request.types import Headers
from api.routes.http.response.answers import NO_BODY, POLICY
from api.routes.http.response.exception_handlers import REQUEST_ID, answer_failure
from api.routes.http.response.prepared_responses import CHOOSING, PreparedResponse, prepared
from api.runtime.runtime import Runtime
from api.storage.keys.keys import KeyHolder
from api.traces import child_of, read_traceparent, traced

_REQUEST_ID: Final = b"x-request-id"
_CLIENT_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")  # client request ids; cannot forge a log line
# Our keys, and common parameter names for keys (RFC 6750 section 2.3).
_KEY_IN_QUERY: Final = re.compile(rb"unspun_(?:live|test)_|(?:^|&)(?:access_token|api_?key)=", re.IGNORECASE)

_ALWAYS: Final[Headers] = [(b"server", b"unspun")]  # replaces the HTTP server's own
# Against MIME sniffing, framing and referrer leaks. Not in a 304: the client has them (RFC 9111 section 3.2).
_SECURITY: Final[Headers] = [
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
]
_DENY_ALL: Final = (POLICY, b"default-src 'none'; frame-ancestors 'none'")
_CORS: Final[Headers] = [  # public data may be read from any page, without credentials
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"Content-Location, Deprecation, ETag, Idempotency-Replayed, Link, Location, RateLimit, "
        b"RateLimit-Policy, Retry-After, Sunset, X-Markdown-Tokens, X-Request-Id",
    ),
]
# By whether the path is a public POST without effect.
_PREFLIGHTS: Final[dict[bool, Headers]] = {
    is_question: [
        (b"access-control-allow-methods", methods),
        (b"access-control-allow-headers", fields + b", Traceparent, X-Request-Id"),
        (b"access-control-max-age", b"86400"),
    ]
    for is_question, methods, fields in (
        (False, b"GET, HEAD, OPTIONS", b"If-None-Match, If-Modified-Since, Prefer"),
        (True, b"OPTIONS, POST", b"Content-Type"),
    )
}
_CLOSE: Final = (b"connection", b"close")  # of a stopping process: reconnect to another one
_HSTS: Final = (b"strict-transport-security", b"max-age=31536000")
_NO_CORS: Final = "/v1/keys"  # no CORS
_CLIENT_LEFT: Final = 499  # only in the log, as in nginx
_SAFE_METHODS: Final = ("GET", "HEAD", "OPTIONS")
_CACHEABLE_METHODS: Final = ("GET", "HEAD")
_TICK_S: Final = 0.001
_ID_BATCH: Final = 64  # ids generated at once
_HEADERS_READ: Final = CHOOSING | {b"authorization", b"content-length", b"host", _REQUEST_ID, b"traceparent"}
_HOST: Final = re.compile(rb"[!-~]*")  # duplicates are joined with a space, which does not match
_PULSE_PLACE: Final = "unspun.place"  # scope key: the request's place in the pulse

Scope: TypeAlias = Any  # Litestar's type does not allow additional keys


class _Kind(Enum):
    """Responses by their security headers."""

    UNMODIFIED = auto()
    WITH_POLICY = auto()  # has its own Content-Security-Policy
    OTHER = auto()


class Gateway:
    """The ASGI application around Litestar's. `limits` and `runtime` are set at startup.

    `questions` are the paths of POSTs open to any page, from `open_questions`.
    """

    limits: Limits
    runtime: Runtime

    def __init__(
        self,
        app: Callable[[Any, Receive, Send], Awaitable[None]],
        *,
        clock: Clock,
        base_url: str,
        access_log: AccessLog,
        leaving: Callable[[], bool],
        body_timeout_s: float,
        pulse: Pulse,
        places: int,
        questions: Set[str],
    ) -> None:
        self._app = app
        self._pulse = pulse
        self._leaving = leaving
        self._disconnects = DisconnectWatch(body_timeout_s, places)
        self._clock = clock
        self._monotonic = clock.monotonic
        self._questions = questions
        self.access_log = access_log
        self._fresh_until = -inf
        self._host: bytes | None = b""  # last valid host; most requests have the same
        self._connection_headers: Headers = []
        self._ids: list[tuple[str, tuple[bytes, bytes]]] = []
        always = [*_ALWAYS, _HSTS] if base_url.startswith("https://") else _ALWAYS
        # by kind of response and CORS
        self._fixed = {
            (kind, is_open): [*always, *own, *(_CORS if is_open else [])]
            for kind, own in (
                (_Kind.UNMODIFIED, []),
                (_Kind.WITH_POLICY, _SECURITY),
                (_Kind.OTHER, [*_SECURITY, _DENY_ALL]),
            )
            for is_open in (False, True)
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = self._monotonic()
        received, size = headers_of(scope, _HEADERS_READ)
        host = received.pop(b"host", None)
        request_id = trace = cached = quota = None
        if received:
            if _REQUEST_ID in received:
                request_id = _client_id(received)
            if b"traceparent" in received:
                trace = self._trace(received[b"traceparent"])
        if request_id is None:
            request_id, named = (self._ids or self._more_ids()).pop()
        else:
            named = _id_header(request_id)
        method, runtime = scope["method"], self.runtime
        # requests with large headers take the other path, which checks them
        if (
            method in _CACHEABLE_METHODS
            and not scope["query_string"]
            and (host == self._host or self._is_valid_host(host, scope))
            and size <= MAX_HEADER_BYTES
            and began < runtime.changes.fresh_until
        ):
            cached = prepared(runtime.documents, scope["path"], received)
            if cached is not None and b"authorization" not in received:
                quota = self.limits.take_read(scope, began)
        if cached is None or quota is None:
            admitted = self._handle(
                scope, receive, send, began, received, host, size, request_id, cached, trace
            )
            if trace is None:
                await admitted
            else:
                with traced(trace):
                    await admitted
            return
        # hot path: no work here that could be done once for all requests
        answer = cached.answer(received) if received else cached.whole
        if began >= self._fresh_until:
            self._tick(began)
        if answer.with_headers is None:
            fixed = self._fixed[_kind(answer.status, answer.sent), True]
            answer.with_headers = [*answer.sent, *fixed, *self.limits.read_policies]
        headers = [*answer.with_headers, *quota, named, *self._connection_headers]
        end = NO_BODY if method == "HEAD" else answer.end
        try:
            await send({"type": "http.response.start", "status": answer.status, "headers": headers})
            await send(end)
        finally:
            log = self.access_log
            if log.on:
                took_s, size = self._monotonic() - began, len(end["body"])
                log.write(
                    self._now, request_id, method, cached.route, answer.status, took_s, size, "hit", trace
                )

    def _is_valid_host(self, host: bytes | None, scope: Scope) -> bool:
        """Whether the Host header is valid (RFC 9112 section 3.2); HTTP/1.0 needs none."""
        if host is None:
            return bool(scope["http_version"] == "1.0")
        if not _HOST.fullmatch(host):
            return False
        self._host = host
        return True

    async def _handle(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        began: float,
        received: Mapping[bytes, bytes],
        host: bytes | None,
        headers_bytes: int,
        request_id: str,
        cached: PreparedResponse | None,
        trace: str | None,
    ) -> None:
        """The path of all other requests, through the limits and usually to a route."""
        scope[REQUEST_ID] = request_id
        scope[_PULSE_PLACE] = place = self._register(scope, received, headers_bytes)
        status = size = 0
        limits = self.limits
        caller = limits.arrive(scope)

        async def send_with_headers(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                if caller.charged:
                    had_any = received.get(b"if-none-match", b"").strip() == b"*"
                    await limits.settle(caller, status, message["headers"], had_any=had_any)
                self._tick(self._monotonic())
                message["headers"] = [
                    *message["headers"],
                    *self._common_headers(scope, _kind(status, message["headers"])),
                    *caller.headers,
                    _id_header(request_id),
                    *self._connection_headers,
                ]
            elif message["type"] == "http.response.body":
                size += len(message["body"])
            await send(message)

        watched = self._disconnects.enter(receive, has_body=scope["method"] not in _SAFE_METHODS)
        try:
            check_size(scope, headers_bytes)
            if not self._is_valid_host(host, scope):
                raise InvalidRequest("Send exactly one Host header, of printable characters.")
            await limits.admit(scope, caller)
            watched.customer = caller.customer
            if cached is not None:
                scope["path_template"] = cached.route
                await cached.answer(received)(scope, receive, send_with_headers)
            else:
                await self._route(scope, watched.receive, send_with_headers)
        except asyncio.CancelledError:
            if not watched.disconnected:
                raise
            status = status or _CLIENT_LEFT
        except Exception as raised:
            # not handled by Litestar's exception handler
            answer = answer_failure(scope, raised, self.runtime.site)
            if status:
                raise  # too late for an error response: the server closes the connection
            await answer(scope, receive, send_with_headers)
        finally:
            limits.leave(caller)
            watched.done()
            self._pulse.put_down(place)
            if self.access_log.on:
                found = "miss" if cached is None else "hit"
                self.access_log.write(
                    self._clock.now(),
                    request_id,
                    scope["method"],
                    scope.get("path_template"),
                    status,
                    self._monotonic() - began,
                    size,
                    found if scope["method"] in _CACHEABLE_METHODS else UNSET,
                    trace,
                    caller.identity if isinstance(caller.identity, KeyHolder) else None,
                )

    def _register(self, scope: Scope, received: Mapping[bytes, bytes], headers_bytes: int) -> int | None:
        """Registers the active request in the pulse, to diagnose a hung process."""
        target = len(scope["raw_path"]) + len(scope["query_string"])
        announced = received.get(b"content-length", b"0")
        body = int(announced) if announced.isdigit() and len(announced) < 10 else 0
        return self._pulse.take(scope["method"], "(no route yet)", target, headers_bytes, body)

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        # no path has such characters, and PostgreSQL does not accept U+0000
        if not path.isascii() or "\x00" in path:
            raise NotFound("There is nothing at this URL.")
        if scope["query_string"] and _KEY_IN_QUERY.search(scope["query_string"]):
            raise InvalidRequest(
                "The URL contains a key, which may have been exposed. Revoke it, and send keys in Authorization."
            )
        take_suffix(scope)
        await self._app(scope, receive, send)

    def _common_headers(self, scope: Scope, kind: _Kind) -> Headers:
        """Headers common to all responses of a kind."""
        method, path = scope["method"], scope["path"]
        is_question = path in self._questions
        is_open = (method in _SAFE_METHODS or (is_question and method == "POST")) and not path.startswith(
            _NO_CORS
        )
        fixed = self._fixed[kind, is_open]
        return [*fixed, *_PREFLIGHTS[is_question]] if is_open and method == "OPTIONS" else fixed

    def _tick(self, moment: float) -> None:
        """Updates the time, for all responses of the next millisecond; `moment` is the clock's `monotonic`."""
        self._fresh_until = moment + _TICK_S
        self._now = self._clock.now()
        self._connection_headers = [_CLOSE] if self._leaving() else []

    def _trace(self, given: bytes) -> str | None:
        """This request as a span of its caller's trace; None if the header is malformed."""
        trace = read_traceparent(given.decode("latin-1"))
        return trace and child_of(trace, self._clock.new_span_id())

    def _more_ids(self) -> list[tuple[str, tuple[bytes, bytes]]]:
        self._ids = [
            (request_id, (_REQUEST_ID, request_id.encode()))
            for request_id in self._clock.new_uuids(_ID_BATCH)
        ]
        return self._ids


def route_namer(pulse: Pulse) -> Callable[[Request[Any, Any, Any]], Awaitable[None]]:
    """A hook after routing that sets the route name of the active request.

    It is not a middleware, because that adds four layers to each route, 30 us per request.
    """

    async def name(request: Request[Any, Any, Any]) -> None:
        scope: Scope = request.scope
        pulse.rename(scope.get(_PULSE_PLACE), scope["path_template"])

    return name


def _kind(status: int, headers: Iterable[tuple[bytes, bytes]]) -> _Kind:
    if status == 304:
        return _Kind.UNMODIFIED
    return _Kind.WITH_POLICY if any(name == POLICY for name, _ in headers) else _Kind.OTHER


def _id_header(request_id: str) -> tuple[bytes, bytes]:
    return _REQUEST_ID, request_id.encode()


def _client_id(received: Mapping[bytes, bytes]) -> str | None:
    """The client's request id, if it has the allowed form."""
    given = received[_REQUEST_ID].decode("latin-1")
    return given if _CLIENT_ID.fullmatch(given) else None
