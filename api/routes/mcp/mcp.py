"""The Model Context Protocol at /mcp: tools for language models, over stateless HTTP.

The official SDK implements the protocol in five versions; it costs each API process 22 MB and most of a second
at startup. This module adds the tools, access control and prices, and problem documents for errors outside
JSON-RPC.

Messages pass the same middleware as every request, so keys, quotas and logs are those of the API. A tool calls
the same operation as its route; a submission pays its price in addition to the message's. Text from stories is
in separate fields, because a model cannot otherwise tell whose words it reads.
"""

from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit

import mcp_types as types
import msgspec
import structlog
from litestar.types import Receive, Send
from mcp.server.caching import CacheHint
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from mcp.shared.exceptions import MCPError
from msgspec import Struct
from msgspec.structs import replace

from api.errors import (
    ApiError,
    InternalError,
    InvalidRequest,
    Misdirected,
    NotAcceptable,
    OriginRefused,
    TooLarge,
)
from api.rendering.tools import NOTICE
from api.routes.http.admission.authentication import check_caller
from api.routes.http.admission.operation import exchange_unlisted
from api.routes.http.request.content_encoding import coding_header, coding_of, packed
from api.routes.http.request.headers import header
from api.routes.http.request.types import HttpRequest
from api.routes.http.request.validation_errors import body_errors, refusal
from api.routes.http.response.answers import UNCACHED, VARY, Answer
from api.routes.http.response.exception_handlers import REQUEST_ID, answer_failure
from api.routes.mcp.mcp_errors import RpcFailure, explained, unknown_tool
from api.routes.mcp.mcp_tools import TOOLS, Tool, ToolContext
from api.runtime.problem_details import to_problem
from schemas.keys import Scope
from schemas.wire import encode_json

NAME: Final = "unspun"
TITLE: Final = "Unspun"
ABOUT: Final = "Verdicts on the framing of news stories: spin type, score, evidence, claims."
PATH: Final = "/mcp"
MAX_BODY_BYTES: Final = 65_536
_HINT: Final = CacheHint(ttl_ms=3_600_000, scope="public")  # the tools change only with a release
log = structlog.get_logger(__name__)
_BY_NAME: Final = {tool.name: tool for tool in TOOLS}


class Mcp:
    """The MCP endpoint of one process. It serves while `running`."""

    def __init__(self, context: ToolContext) -> None:
        self._context = context
        base_url = context.runtime.base_url
        host = urlsplit(base_url).netloc
        self._manager = StreamableHTTPSessionManager(
            Server(
                NAME,
                version=context.runtime.site.version,
                title=TITLE,
                description=ABOUT,
                instructions=NOTICE,
                website_url=f"{base_url}/",
                cache_hints={"tools/list": _HINT, "server/discover": _HINT},
                on_list_tools=self._list,
                on_call_tool=self._call,
            ),
            json_response=True,
            stateless=True,
            max_request_body_size=MAX_BODY_BYTES,
            # protects services behind a firewall against DNS rebinding
            security_settings=TransportSecuritySettings(
                allowed_hosts=[host, "127.0.0.1:*", "localhost:*", "[::1]:*"],
                allowed_origins=[f"{urlsplit(base_url).scheme}://{host}"],
            ),
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with self._manager.run():
            yield

    async def exchange(self, scope: Any, receive: Any, send: Send) -> None:
        """Handles one message. Plain-text errors of the SDK are replaced by problem documents, JSON-RPC errors by
        `explained` ones.
        """
        refused = 0
        received = bytearray()
        delayed_start: Any = None  # delayed until the body is known

        async def receive_recorded() -> Any:
            message = await receive()
            received.extend(message.get("body", b""))
            return message

        async def send_checked(message: Any) -> None:
            nonlocal refused, delayed_start
            if message["type"] == "http.response.start":
                kind = next((value for name, value in message["headers"] if name == b"content-type"), b"")
                if message["status"] >= 400 and not kind.startswith(b"application/json"):
                    refused = message["status"]
                else:
                    delayed_start = message
            elif delayed_start is not None:
                start, delayed_start = delayed_start, None
                await _send_packed(scope, send, *_explained(scope, bytes(received), start, message))
            elif not refused:
                await send(message)

        await self._manager.handle_request(scope, receive_recorded, send_checked)
        if refused:
            answer = answer_failure(scope, _refusal(refused), self._context.runtime.site)
            await answer(scope, receive, send)

    async def _list(
        self, context: ServerRequestContext[Any], params: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_tool_description(tool) for tool in TOOLS])

    async def _call(
        self, context: ServerRequestContext[Any], params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        tool = _BY_NAME.get(params.name)
        if tool is None:
            raise MCPError(types.INVALID_PARAMS, unknown_tool(params.name, _BY_NAME))
        assert context.request is not None, "a call comes over HTTP"
        scope = context.request.scope
        try:
            if not self._context.runtime.settings.public_reads:
                check_caller(scope, None if tool.writes else Scope.READ_STORIES)
            return _result(await tool.call(self._context, scope, _arguments(tool, params.arguments)))
        except ApiError as refused:
            return self._failed(refused, scope)
        except Exception as unforeseen:
            log.error("tool_failed", tool=tool.name, request_id=scope[REQUEST_ID], exc_info=unforeseen)
            return self._failed(InternalError("Something went wrong here. It is recorded."), scope)

    def _failed(self, error: ApiError, scope: Any) -> types.CallToolResult:
        """The problem document that the API would return."""
        problem = to_problem(error, base_url=self._context.runtime.base_url, request_id=scope[REQUEST_ID])
        return types.CallToolResult(content=[_text(encode_json(problem))], is_error=True)


def _explained(scope: Any, received: bytes, start: Any, body: Any) -> tuple[Any, Any]:
    """A response; if it is a JSON-RPC error, with one in the words of the API."""
    try:
        failure = msgspec.json.decode(body.get("body", b""), type=RpcFailure)
    except msgspec.DecodeError:
        return start, body
    error = explained(failure.error, received, header(scope, b"mcp-protocol-version"))
    raw = msgspec.json.encode(replace(failure, error=error))
    headers = [field for field in start["headers"] if field[0] != b"content-length"]
    headers.append((b"content-length", b"%d" % len(raw)))
    return start | {"headers": headers}, body | {"body": raw}


async def _send_packed(scope: Any, send: Send, start: Any, body: Any) -> None:
    """Sends a response with its body compressed; if there are several parts, uncompressed."""
    headers = [*start["headers"], (b"cache-control", UNCACHED), (b"vary", VARY)]
    whole = body["type"] == "http.response.body" and not body.get("more_body", False)
    if whole and (coding := coding_of(scope, body.get("body", b""))):
        body = body | {"body": packed(body["body"], coding)}
        headers = [field for field in headers if field[0] != b"content-length"]
        headers += [(b"content-length", b"%d" % len(body["body"])), *coding_header(coding)]
    await send(start | {"headers": headers})
    await send(body)


@exchange_unlisted(PATH)
async def exchange_message(request: HttpRequest) -> Answer:
    """Handle one message of the Model Context Protocol."""
    return _Exchange(request.app.state.mcp)


class _Exchange(Answer):
    """A response produced by the SDK, which reads the request body itself."""

    __slots__ = ("_mcp",)

    def __init__(self, mcp: Mcp) -> None:
        super().__init__(200, [])
        self._mcp = mcp

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        await self._mcp.exchange(scope, receive, send)


def _arguments(tool: Tool, given: dict[str, Any] | None) -> Struct:
    """Raises InvalidRequest if the arguments do not match the tool's schema."""
    try:
        return msgspec.convert(given or {}, tool.arguments_type)
    except msgspec.ValidationError:
        raise refusal(body_errors(given or {}, tool.arguments_type)) from None


def _result(reading: Struct) -> types.CallToolResult:
    """The result twice: structured, and as text for clients that show only text to the model."""
    shown = msgspec.json.decode(encode_json(reading))
    facts = {name: value for name, value in shown.items() if name != "document"}
    blocks: list[types.ContentBlock] = [_text(msgspec.json.encode(facts))]
    if "document" in shown:
        blocks.append(types.TextContent(text=shown["document"]))
    return types.CallToolResult(content=blocks, structured_content=shown)


def _text(raw: bytes) -> types.TextContent:
    return types.TextContent(text=raw.decode())


def _tool_description(tool: Tool) -> types.Tool:
    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=_schema(tool.arguments_type),
        output_schema=_schema(tool.result_type),
        annotations=types.ToolAnnotations(
            title=tool.title,
            read_only_hint=not tool.writes,
            destructive_hint=False,
            idempotent_hint=True,
            open_world_hint=tool.writes,
        ),
    )


@cache
def _schema(kind: type[Struct]) -> dict[str, Any]:
    """JSON Schema with the object at the root, as older protocol versions require."""
    (root,), parts = msgspec.json.schema_components([kind], ref_template="#/$defs/{name}")
    name = root["$ref"].rpartition("/")[2]
    schema: dict[str, Any] = {**parts.pop(name)}
    return {**schema, "$defs": parts} if parts else schema


def _refusal(status: int) -> ApiError:
    """The API error for an error status of the SDK."""
    match status:
        case 403:
            return OriginRefused("The tools cannot be called from pages of other sites.")
        case 406:
            return NotAcceptable("Accept application/json.", available=["application/json"])
        case 413:
            return TooLarge(f"Messages are limited to {MAX_BODY_BYTES} bytes.")
        case 421:
            return Misdirected("The Host header is not this service's host.")
    return InvalidRequest("Send one JSON-RPC object as application/json.")


ROUTES = [exchange_message]
