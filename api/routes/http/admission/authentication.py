"""Authentication by the key in the Authorization header, and guards of routes.

The limits identify the caller before routing. Guards check the scope in the route's `Operation` before its
handler.
"""

import re
from typing import Any, Final

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from api.errors import ApiError, Unauthorized
from api.operations.keys.authenticate import Authenticator, check_scope, no_key
from api.routes.http.admission.caller import caller_of
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.exception_handlers import REQUEST_ID
from api.storage.keys.keys import KeyHolder
from api.storage.log.audit_log import Actor, Origin
from schemas.keys import Scope

ANY_SCOPE: Final = "any"  # any valid key
_BEARER: Final = re.compile(r"(?i:bearer) +([A-Za-z0-9._~+/-]+=*)")  # RFC 6750 section 2.1

Connection = ASGIConnection[Any, Any, Any, Any]


async def require_scope(connection: Connection, handler: BaseRouteHandler) -> None:
    """Guard: requires the scope of the route's operation. Raises Unauthorized, Forbidden."""
    scope = handler.opt["operation"].scope
    check_caller(connection.scope, None if scope == ANY_SCOPE else scope)


async def require_reader(connection: Connection, handler: BaseRouteHandler) -> None:
    """Guard of public routes on services without public reads; routes with a scope have their own guard."""
    operation = handler.opt.get("operation")
    if operation is not None and operation.scope:
        return
    check_caller(connection.scope, Scope.READ_STORIES)


def holder_of(request: HttpRequest) -> KeyHolder:
    """The key holder who calls a route with a scope."""
    identity = caller_of(request.scope).identity
    assert isinstance(identity, KeyHolder), "the route has a guard"
    return identity


def reader_of(request: HttpRequest) -> KeyHolder | None:
    """The key holder who calls a public route; None without a valid key."""
    identity = caller_of(request.scope).identity
    return identity if isinstance(identity, KeyHolder) else None


def origin_of(request: HttpRequest) -> Origin:
    """The caller and its address, for the audit log."""
    scope: Any = request.scope  # Litestar's type does not allow additional keys
    holder = holder_of(request)
    return Origin(
        actor=Actor.KEY,
        account_id=holder.account_id,
        key_id=holder.key_id,
        address=caller_of(scope).address or None,
        request_id=scope[REQUEST_ID],
    )


async def identify(authenticator: Authenticator, authorization: str) -> tuple[KeyHolder | ApiError, bool]:
    """The key holder of this Authorization header, or the error; and whether the key is invalid."""
    found = _BEARER.fullmatch(authorization.strip())
    if found is None:
        return no_key(), False
    try:
        return await authenticator.authenticate(found[1], None), False
    except ApiError as refused:
        return refused, isinstance(refused, Unauthorized)


def was_recently_valid(authenticator: Authenticator, authorization: str) -> bool:
    """Whether the key in this Authorization header was valid in the last minutes."""
    found = _BEARER.fullmatch(authorization.strip())
    return found is not None and authenticator.was_recently_valid(found[1])


def check_caller(request_scope: Any, scope: str | None) -> KeyHolder:
    """The key holder, if the key has the scope. Raises Unauthorized, Forbidden, or the identification error."""
    identity = caller_of(request_scope).identity
    if identity is None:
        raise no_key()
    if isinstance(identity, ApiError):
        raise identity
    check_scope(identity, scope)
    return identity
