"""JSON-RPC errors in the words of the API. Those of the SDK name no place, or Python classes and a library."""

from collections.abc import Mapping
from typing import Any, Final, Literal

import mcp_types as protocol
from mcp_types.version import KNOWN_PROTOCOL_VERSIONS, MODERN_PROTOCOL_VERSIONS
from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from api.errors import InvalidRequest
from api.routes.http.request.bodies import decode_body

_MOST: Final = 64  # characters of a version or name that are quoted


class RpcError(Struct, kw_only=True, frozen=True):
    """The `error` of a JSON-RPC response."""

    code: int
    message: str
    data: Any = UNSET


class RpcFailure(Struct, kw_only=True, frozen=True):
    """A JSON-RPC response without a result."""

    jsonrpc: str
    id: str | int | None = None
    error: RpcError


class _Request(Struct):
    jsonrpc: Literal["2.0"]
    id: str | int
    method: str
    params: dict[str, Any] | UnsetType = UNSET


class _Party(Struct):
    name: str
    version: str


class _Handshake(Struct, rename="camel"):
    protocol_version: str
    capabilities: dict[str, Any]
    client_info: _Party


class _Initialize(Struct):
    params: _Handshake


class _Listing(Struct):
    cursor: str | None = None


class _ListTools(Struct):
    params: _Listing | UnsetType = UNSET


class _Call(Struct):
    name: str
    arguments: dict[str, Any] | None = None


class _CallTool(Struct):
    params: _Call


# The methods, with the part of a request that is checked.
_COMMON: Final[Mapping[str, type[Struct]]] = {"tools/list": _ListTools, "tools/call": _CallTool}
_HANDSHAKE: Final[Mapping[str, type[Struct]]] = {"initialize": _Initialize, "ping": _Request, **_COMMON}
_MODERN: Final[Mapping[str, type[Struct]]] = {"server/discover": _Request, **_COMMON}


def explained(error: RpcError, raw: bytes, version: str | None) -> RpcError:
    """The error of the request with this body and `MCP-Protocol-Version`; unchanged if no better one is known."""
    if version is not None and version not in KNOWN_PROTOCOL_VERSIONS:
        return _unsupported(version)
    try:
        request = decode_body(raw, _Request)
    except InvalidRequest as refused:
        return _refused(refused, protocol.INVALID_REQUEST if refused.errors else protocol.PARSE_ERROR)
    methods = _MODERN if version in MODERN_PROTOCOL_VERSIONS else _HANDSHAKE
    if error.code == protocol.METHOD_NOT_FOUND:
        message = f"Unknown method `{request.method[:_MOST]}`; expected one of {', '.join(methods)}"
        return replace(error, message=message)
    if error.code == protocol.INVALID_PARAMS and request.method in methods:
        try:
            decode_body(raw, methods[request.method])
        except InvalidRequest as refused:
            return _refused(refused, error.code)
    return error


def unknown_tool(name: str, tools: Mapping[str, Any]) -> str:
    """The message for a tool that does not exist."""
    return f"Unknown tool `{name[:_MOST]}`; expected one of {', '.join(tools)}"


def _refused(refused: InvalidRequest, code: int) -> RpcError:
    return RpcError(
        code=code, message=refused.detail, data={"errors": refused.errors} if refused.errors else UNSET
    )


def _unsupported(version: str) -> RpcError:
    known = list(KNOWN_PROTOCOL_VERSIONS)
    return RpcError(
        code=protocol.UNSUPPORTED_PROTOCOL_VERSION,
        message=f"Unknown protocol version `{version[:_MOST]}`; expected one of {', '.join(known)}",
        data={"supported": known, "requested": version},
    )
