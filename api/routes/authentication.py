"""The key of a request: in the Authorization header, nowhere else."""

import re
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from api.operations.authenticate import Authenticator
from api.routes.headers import header
from api.storage.keys import KeyHolder

WRITE_ANALYSES = "analyses:write"
READ_STORIES = "stories:read"

_BEARER = re.compile(r"(?i:bearer) +([A-Za-z0-9._~+/-]+=*)")  # RFC 6750 section 2.1


async def caller(connection: ASGIConnection[Any, Any, Any, Any], scope: str) -> KeyHolder:
    """Who calls, with a key that may do `scope`. Raises Unauthorized, Forbidden, Unavailable."""
    authenticator: Authenticator = connection.scope["litestar_app"].state.authenticator
    value = header(connection.scope, b"authorization")
    found = _BEARER.fullmatch(value.strip()) if value else None
    return await authenticator.authenticate(found[1] if found else None, (scope,))


async def require_reader(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """A guard for all public routes of a service whose reads are not public."""
    await caller(connection, READ_STORIES)
