"""Random requests from a seed (paths, queries, headers, bodies), and the application's responses.

They are passed to the application as a server would, so they need not be valid HTTP.
"""

import asyncio
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from tests.kit.clients.api_client import KEY
from tests.kit.clients.responses import responses_of

_PIECES: Final = (
    "", "a", "0", "-1", "1e9", "null", "true", ".", "..", "../..", "//", "%", "%00", "%2f", "%ff", "\x00", "\x07",
    "\r\n", " ", "\t", "'", '"', "`", "<b>", "{}", "[", "${x}", "{{x}}", ";", "|", "&", "=", "?", "#", "+", "~",
    "é", "\u202e", "\ufeff", "\ud800", "𝕏", "💡" * 9, "x" * 300, "9" * 40, "../etc/passwd", "1' OR '1'='1",
    ".json", ".md", ".jsonld", ".html", ".exe", "NaN", "Infinity", "2026-13-40", "0001-01-01T00:00:00Z",
    "a,b,,c", "id.id",
)  # fmt: skip
_HEADERS: Final = (
    "accept", "accept-encoding", "accept-language", "authorization", "content-length", "content-type", "cookie",
    "expect", "forwarded", "host", "idempotency-key", "if-match", "if-modified-since", "if-none-match",
    "if-range", "last-event-id", "origin", "prefer", "range", "referer", "traceparent", "transfer-encoding",
    "user-agent", "x-forwarded-for", "x-request-id", "x-forwarded-host", "upgrade", "te", "x",
)  # fmt: skip
_VALUES: Final = (
    "*/*", "text/*;q=", "application/json;q=2", "gzip;q=nan, br", "bytes=0-", "W/", '"', "*", "Bearer",
    "Bearer x", "Basic eA==", "Mon, 99 Foo 2026 99:99:99 GMT", "wait=", "respond-async, wait", "chunked",
    "100-continue", "00-0-0-00", "application/json; charset=utf-7", "text/markdown",
    "multipart/form-data", "0", "-1", "::1",
)  # fmt: skip
_TYPES: Final = (
    "application/json",
    "application/json; charset=latin-1",
    "text/plain",
    "application/xml",
    "",
    "a/b/c",
)
_PATIENCE_S: Final = 20.0
_PARAMETER: Final = re.compile(r"{\w+}")


@dataclass(frozen=True, kw_only=True)
class Request:
    method: str
    path: str
    query: bytes = b""
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """`route` is the template of the matched route, None if none matched."""

    status: int
    content_type: str | None
    body: bytes
    route: str | None


class Garbage:
    """An endless source; `known` are ids that sometimes fill the paths."""

    def __init__(self, seed: int, document: Mapping[str, Any], known: Mapping[str, list[str]]) -> None:
        self._random = Random(seed)
        self._known = [value for values in known.values() for value in values]
        self._paths: Mapping[str, Any] = document["paths"]
        self._reads = [path for path, methods in self._paths.items() if "get" in methods]
        self._writes = [path for path, methods in self._paths.items() if "post" in methods]
        self.kinds: dict[str, Callable[[], Request]] = {
            "paths": self._of_path,
            "queries": self._of_query,
            "headers": self._of_headers,
            "bodies": self._of_body,
        }

    def requests(self, kind: str, number: int) -> Iterator[Request]:
        make = self.kinds[kind]
        return (make() for _ in range(number))

    def _text(self) -> str:
        draw = self._random
        if draw.random() < 0.2:
            return "".join(chr(draw.randrange(1, 0x2FFF)) for _ in range(draw.randrange(12)))
        return "".join(draw.choices(_PIECES, k=draw.randrange(1, 4)))

    def _segment(self) -> str:
        draw = self._random
        if self._known and draw.random() < 0.4:
            return draw.choice(self._known) + draw.choice(("", "", ".json", ".md", ".exe", "%00", "/"))
        return self._text()

    def _filled(self, template: str) -> str:
        return _PARAMETER.sub(lambda _: self._segment().replace("\\", ""), template)

    def _of_path(self) -> Request:
        draw = self._random
        path = self._filled(
            draw.choice((*self._paths, "/", "/docs/assets/{name}", "/assets/{file}", "/mcp", "/x.txt"))
        )
        for _ in range(draw.randrange(3)):
            at = draw.randrange(len(path) + 1)
            path = path[:at] + self._text() + path[at + draw.randrange(3) :]
        method = draw.choice(
            ("GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "X")
        )
        return Request(method=method, path="/" + path.lstrip("/"))

    def _of_query(self) -> Request:
        draw = self._random
        template = draw.choice(self._reads)
        names = [
            one["name"] for one in self._paths[template]["get"].get("parameters", ()) if one["in"] == "query"
        ]
        pairs = []
        for _ in range(draw.randrange(1, 4)):
            name = draw.choice(names) if names and draw.random() < 0.8 else self._text()
            value = "x" if name == "wait" else self._text()  # a number would start a long poll
            pairs.append(f"{name}={value}" if draw.random() < 0.9 else name)
        query = "&".join(pairs).encode("utf-8", "surrogatepass")
        if draw.random() < 0.1:
            query += draw.randbytes(8)
        return Request(method=draw.choice(("GET", "HEAD")), path=self._filled(template), query=query)

    def _of_headers(self) -> Request:
        draw = self._random
        template = draw.choice(list(self._paths))
        headers = []
        for _ in range(draw.randrange(1, 5)):
            name = draw.choice(_HEADERS)
            value = draw.choice((draw.choice(_VALUES), self._text(), draw.choice(_VALUES) + self._text()))
            headers.append(
                (name.encode(), value.encode("utf-8", "surrogatepass") + draw.randbytes(draw.randrange(2)))
            )
        method = "GET" if "get" in self._paths[template] else "POST"
        return Request(method=method, path=self._filled(template), headers=headers)

    def _of_body(self) -> Request:
        draw = self._random
        template = draw.choice(self._writes)
        body = self._json_bytes(template)
        if draw.random() < 0.3:
            at = draw.randrange(len(body) + 1)
            body = body[:at] + draw.randbytes(draw.randrange(4)) + body[at + draw.randrange(4) :]
        kind = _TYPES[0] if draw.random() < 0.8 else draw.choice(_TYPES)
        headers = [(b"content-type", kind.encode()), (b"content-length", b"%d" % len(body))]
        if draw.random() < 0.9:
            headers.append((b"authorization", f"Bearer {KEY}".encode()))
        return Request(method="POST", path=self._filled(template), headers=headers, body=body)

    def _json_bytes(self, template: str) -> bytes:
        """Often an example of the operation with one value replaced."""
        draw = self._random
        media = self._paths[template]["post"].get("requestBody", {}).get("content", {})
        examples = [one["value"] for entry in media.values() for one in entry.get("examples", {}).values()]
        if examples and draw.random() < 0.7:
            example = json.loads(json.dumps(draw.choice(examples)))
            if isinstance(example, dict) and example:
                name = draw.choice([*example, "x"])
                example[name] = self._value(0)
            return json.dumps(example).encode()
        if draw.random() < 0.2:
            depth = draw.choice((30, 33, 5_000))
            return b"[" * depth + b"]" * depth
        return json.dumps(self._value(0)).encode()

    def _value(self, depth: int) -> Any:
        draw = self._random
        kind = draw.randrange(9 if depth < 3 else 7)
        if kind == 7:
            return [self._value(depth + 1) for _ in range(draw.randrange(4))]
        if kind == 8:
            return {self._text(): self._value(depth + 1) for _ in range(draw.randrange(4))}
        return (
            None,
            True,
            draw.randrange(-9, 9),
            10 ** draw.randrange(40),
            draw.random(),
            float("nan"),
            self._text(),
        )[kind]


async def ask(app: Any, request: Request) -> Reply:
    """The response; the client stays connected until then. Raises TimeoutError."""
    messages = [{"type": "http.request", "body": request.body, "more_body": False}]
    sent: list[Any] = []

    async def receive() -> Any:
        if not messages:
            await asyncio.Event().wait()
        return messages.pop()

    async def send(message: Any) -> None:
        sent.append(message)

    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "scheme": "http",
        "method": request.method,
        "path": request.path,
        "raw_path": request.path.encode("utf-8", "surrogatepass"),
        "root_path": "",
        "query_string": request.query,
        "headers": [(b"host", b"unspun.test"), *request.headers],
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", 8000),
        "state": {},
    }
    async with asyncio.timeout(_PATIENCE_S):
        await app(scope, receive, send)
    start, *parts = sent
    named = dict(start["headers"]).get(b"content-type")
    return Reply(
        status=start["status"],
        content_type=named.decode() if named else None,
        body=b"".join(part["body"] for part in parts),
        route=scope.get("path_template"),
    )


def complaint(document: Mapping[str, Any], request: Request, reply: Reply) -> str | None:
    """The fault of a response: a server error, or bytes that do not match the contract."""
    if reply.status >= 500:
        return f"{reply.status} {reply.body[:300]!r}"
    if reply.status >= 400:
        if reply.status in (404, 410) and reply.content_type == "text/html; charset=utf-8":
            return None  # a browser's page
        if reply.content_type != "application/problem+json":
            return f"{reply.status} as {reply.content_type}"
        if request.method != "HEAD" and json.loads(reply.body)["status"] != reply.status:
            return "another status in the body"
        return None
    method = "get" if request.method == "HEAD" else request.method.lower()
    operation = document["paths"].get(reply.route, {}).get(method)
    if operation is None:  # responses to OPTIONS, static files
        return None
    if str(reply.status) not in operation["responses"]:
        return f"{reply.status} is not documented"
    documented = responses_of(document, operation)[str(reply.status)].get("content", {})
    kind = reply.content_type and reply.content_type.partition(";")[0]
    if documented and kind not in documented:
        return f"{kind} is not documented, but {', '.join(documented)}"
    return None
