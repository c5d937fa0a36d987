"""The outermost layer: every answer, also a router's 404, gets its id, its headers and its log line here."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final, TypeAlias

from litestar.types import Message, Receive, Send

from api.clock import Clock
from api.errors import InvalidRequest, NotFound
from api.routes.access_log import AccessLine, AccessLog
from api.routes.answers import Headers, http_date
from api.routes.failures import REQUEST_ID, answer_failure
from api.routes.headers import header
from api.routes.limits import Limits
from api.routes.negotiation import take_suffix
from api.routes.presence import Attendance

_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")  # conventions A60
# Our own keys, and the names under which other services take theirs (RFC 6750 section 2.3).
_KEY_IN_QUERY: Final = re.compile(rb"unspun_(?:live|test)_|(?:^|&)(?:access_token|api_?key)=", re.IGNORECASE)

_SECURITY: Final[Headers] = [  # conventions A59
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"server", b"unspun"),  # else the HTTP server names itself
]
_CLOSED: Final = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
_CORS: Final[Headers] = [  # conventions A56: what is public may be read from any page, without credentials
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"ETag, Link, Location, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id",
    ),
]
_PREFLIGHT: Final[Headers] = [
    (b"access-control-allow-methods", b"GET, HEAD, OPTIONS"),
    (b"access-control-allow-headers", b"If-None-Match, If-Modified-Since, Prefer, X-Request-Id"),
    (b"access-control-max-age", b"86400"),
]
_LAST: Final = (b"connection", b"close")  # of a process that is being stopped: come back to another one
_HSTS: Final = (b"strict-transport-security", b"max-age=31536000")
_NOT_FOR_PAGES: Final = "/v1/keys"  # conventions A56: no foreign page may even ask
_CLIENT_LEFT: Final = 499  # in the log alone, as nginx has it: nobody is there to get a status
_READING: Final = ("GET", "HEAD", "OPTIONS")

Scope: TypeAlias = Any  # Litestar's typed dictionaries have no room for keys of one's own, which ASGI allows


class Door:
    """An ASGI application around Litestar's. `limits` are set when the process starts."""

    limits: Limits

    def __init__(
        self,
        app: Callable[[Any, Receive, Send], Awaitable[None]],
        *,
        clock: Clock,
        base_url: str,
        access_log: AccessLog,
        leaving: Callable[[], bool],
    ) -> None:
        self._app = app
        self._leaving = leaving
        self._attendance = Attendance()
        self._clock = clock
        self._base_url = base_url
        self._access_log = access_log
        self._security = [*_SECURITY, _HSTS] if base_url.startswith("https://") else _SECURITY

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = self._clock.monotonic()
        request_id = _given_id(scope) or self._clock.new_uuid()
        scope[REQUEST_ID] = request_id
        status = size = 0
        limits = self.limits
        caller = limits.arrive(scope)

        async def dressed(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                if caller.charged:
                    await limits.settle(caller, status, message["headers"])
                message["headers"] = [
                    *message["headers"],
                    *self._dress(scope, message["headers"], request_id),
                    *caller.headers,
                ]
            elif message["type"] == "http.response.body":
                size += len(message["body"])
            await send(message)

        presence = self._attendance.enter(receive, has_body=scope["method"] not in _READING)
        try:
            await limits.admit(scope, caller)
            await self._enter(scope, presence.receive, dressed)
        except asyncio.CancelledError:
            if not presence.left:
                raise
            status = status or _CLIENT_LEFT
        except Exception as raised:
            # what Litestar's own handler did not turn into an answer
            answer = answer_failure(scope, raised, self._base_url)
            if status:
                raise  # too late for another answer: the server breaks the connection off
            await answer(scope, receive, dressed)
        finally:
            limits.leave(caller)
            presence.done()
            if self._access_log.on:
                self._access_log.write(
                    AccessLine(
                        ts=self._clock.now(),
                        request_id=request_id,
                        method=scope["method"],
                        route=scope.get("path_template"),
                        status=status,
                        duration_ms=round((self._clock.monotonic() - began) * 1000, 2),
                        bytes=size,
                    )
                )

    async def _enter(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        # no address of ours has such characters, and PostgreSQL could not even be asked for U+0000
        if not path.isascii() or "\x00" in path:
            raise NotFound("There is nothing at this address.")
        if scope["query_string"] and _KEY_IN_QUERY.search(scope["query_string"]):
            raise InvalidRequest(
                "A key was sent in the address. Consider it lost: revoke it, and send keys in Authorization."
            )
        take_suffix(scope)
        await self._app(scope, receive, send)

    def _dress(self, scope: Scope, given: Iterable[tuple[bytes, bytes]], request_id: str) -> Headers:
        headers = [
            (b"x-request-id", request_id.encode()),
            (b"date", http_date(self._clock.now())),
            *self._security,
        ]
        if not any(name == b"content-security-policy" for name, _ in given):
            headers.append(_CLOSED)
        if self._leaving():
            headers.append(_LAST)
        if scope["method"] in _READING and not scope["path"].startswith(_NOT_FOR_PAGES):
            headers += _CORS
            if scope["method"] == "OPTIONS":
                headers += _PREFLIGHT
        return headers


def _given_id(scope: Scope) -> str | None:
    """The client's own id for the request, where it is of the known form."""
    given = header(scope, b"x-request-id")
    return given if given is not None and _REQUEST_ID.fullmatch(given) else None
