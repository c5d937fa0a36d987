"""What a route says of itself: everything the OpenAPI document needs beside its signature and docstring."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from litestar.handlers import HTTPRouteHandler, post
from litestar.handlers import route as any_route
from litestar.routes import BaseRoute, HTTPRoute
from litestar.types import Guard
from msgspec import Struct

from api.errors import ApiError
from api.operations.charge import READ, Price
from api.rendering.forms import Form
from api.routes.authentication import require_scope

MAX_BODY_BYTES = 65_536  # conventions A30; a route that takes more says so


class NoParameters(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A call without query parameters."""


@dataclass(frozen=True, kw_only=True)
class Operation:
    """`answer` is the struct of the body, or None where it is not JSON; `media_type` says what it is then.

    `errors` are those of the resource itself: what every route can answer (an unreadable request, an error of
    ours, a database that is away) is known already. `scope` is what the key must be allowed to do, or ANY_SCOPE;
    a route without one is public. `status` is that of success; `accepted` says what a 202 means, where there is
    one; `matched` that it takes If-Match; `question` that it is a POST without effect. `price` is what a call
    costs its caller's quota; one that is not a read's goes with a path without parameters. `examples` are bodies
    by name.
    `forms` are those that `form_of` may choose for the answer, JSON first; none where there is one form.
    """

    id: str
    tag: str
    answer: Any
    query: type[Struct] = NoParameters
    body: type[Struct] | None = None
    errors: tuple[type[ApiError], ...] = ()
    scope: str | None = None
    status: int = 200
    accepted: str | None = None
    matched: bool = False
    conditional: bool = True
    price: Price = READ
    examples: Mapping[str, Any] = field(default_factory=dict)
    media_type: str = "application/json"
    question: bool = False
    forms: tuple[Form, ...] = ()


def read(path: str, operation: Operation) -> Callable[[Callable[..., Any]], HTTPRouteHandler]:
    """A route for GET and HEAD."""
    return any_route(
        path,
        http_method=["GET", "HEAD"],
        opt={"operation": operation},
        guards=_guards(operation),
        status_code=200,
    )


def read_unlisted(path: str) -> Callable[[Callable[..., Any]], HTTPRouteHandler]:
    """A route for GET and HEAD that is no part of the contract."""
    return any_route(path, http_method=["GET", "HEAD"], status_code=200)


def write(
    path: str, operation: Operation, *, max_body_bytes: int = MAX_BODY_BYTES
) -> Callable[[Callable[..., Any]], HTTPRouteHandler]:
    """A route for POST, whose body is never read beyond `max_body_bytes`. Its effect goes through `once`."""
    return post(
        path,
        opt={"operation": operation},
        guards=_guards(operation),
        request_max_body_size=max_body_bytes,
        status_code=200,
    )


def ask(
    path: str, operation: Operation, *, max_body_bytes: int = MAX_BODY_BYTES
) -> Callable[[Callable[..., Any]], HTTPRouteHandler]:
    """A route for POST that has no effect: a question too long for an address. It may be sent again as it is."""
    return post(
        path,
        opt={"operation": replace(operation, question=True)},
        guards=_guards(operation),
        request_max_body_size=max_body_bytes,
        status_code=200,
    )


def _guards(operation: Operation) -> list[Guard]:
    return [require_scope] if operation.scope else []


def operation_of(handler: HTTPRouteHandler) -> Operation | None:
    """None for routes that are not part of the contract: the answers to OPTIONS, the assets of the docs."""
    operation: Operation | None = handler.opt.get("operation")
    return operation


def prices(routes: Iterable[BaseRoute]) -> dict[tuple[str, str], Price]:
    """What calls cost that do not cost what a read does, by method and path."""
    return {
        (method, route.path): operation.price
        for route in routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if (operation := operation_of(handler)) is not None and operation.price is not READ
        for method in handler.http_methods
    }
