"""The key of a request: in the Authorization header, nowhere else; and who holds it.

What a route needs stands in its `Operation`; the guards here see to it before the handler begins.
"""

import re
from typing import Any, Final

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from api.operations.authenticate import Authenticator
from api.routes.answers import HttpRequest
from api.routes.failures import REQUEST_ID
from api.routes.headers import header
from api.storage.audit_log import Actor, Origin
from api.storage.keys import KeyHolder
from schemas.keys import Scope

ANY_SCOPE: Final = "any"  # a valid key is needed, whatever it may do
_HOLDER: Final = "unspun.holder"  # where in the scope the guard keeps it
_BEARER: Final = re.compile(r"(?i:bearer) +([A-Za-z0-9._~+/-]+=*)")  # RFC 6750 section 2.1

Connection = ASGIConnection[Any, Any, Any, Any]


async def require_scope(connection: Connection, handler: BaseRouteHandler) -> None:
    """A guard: lets in who may do what the route's operation asks for. Raises Unauthorized, Forbidden."""
    scope = handler.opt["operation"].scope
    await _authenticate(connection, None if scope == ANY_SCOPE else scope)


async def require_reader(connection: Connection, handler: BaseRouteHandler) -> None:
    """A guard for all public routes of a service whose reads are not public; a route with a scope has its own."""
    operation = handler.opt.get("operation")
    if operation is not None and operation.scope:
        return
    await _authenticate(connection, Scope.READ_STORIES)


def holder_of(request: HttpRequest) -> KeyHolder:
    """Who calls a route that has a scope."""
    scope: Any = request.scope  # typed without room for keys of one's own, which ASGI allows
    holder: KeyHolder = scope[_HOLDER]
    return holder


def origin_of(request: HttpRequest) -> Origin:
    """Who calls and from where, for the audit log."""
    scope: Any = request.scope
    holder = holder_of(request)
    return Origin(
        actor=Actor.KEY,
        account_id=holder.account_id,
        key_id=holder.key_id,
        address=scope["client"][0] if scope.get("client") else None,
        request_id=scope[REQUEST_ID],
    )


async def _authenticate(connection: Connection, scope: str | None) -> None:
    asgi: Any = connection.scope
    authenticator: Authenticator = asgi["litestar_app"].state.authenticator
    value = header(asgi, b"authorization")
    found = _BEARER.fullmatch(value.strip()) if value else None
    asgi[_HOLDER] = await authenticator.authenticate(found[1] if found else None, scope)
