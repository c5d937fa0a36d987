"""Route metadata for the OpenAPI document, access control and prices."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from litestar.handlers import HTTPRouteHandler, post
from litestar.handlers import route as any_route
from litestar.routes import BaseRoute, HTTPRoute
from litestar.types import Guard, Middleware
from msgspec import Struct

from api.errors import ApiError
from api.rendering.forms import Form
from api.routes.http.admission.authentication import require_scope
from api.routes.http.response.deprecations import Deprecation, ending
from api.runtime.quotas import READ, Price

MAX_BODY_BYTES = 65_536  # default; most bodies are a URL or some filters
_PARAMETER = re.compile(r"\\{\w+\\}")  # in an escaped path


class NoParameters(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A call without query parameters."""


@dataclass(frozen=True, kw_only=True)
class Operation:
    """Metadata of a route.

    `answer` is the struct of the body, or None for other formats given by `media_type`. `errors` are those of
    the resource; common errors are added. `scope` is required of the key, or ANY_SCOPE; routes without one are
    public. `status` is the success status; `accepted` describes a 202, if possible; `matched`: supports
    If-Match; `question`: a POST without effect. `price` is the cost of a call. `examples` are request bodies by
    name. `headers` are additional headers of the success response; `ranges`: supports Range. `forms` are the
    formats of `form_of`, JSON first; empty without negotiation.
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
    deprecated: Deprecation | None = None
    headers: tuple[str, ...] = ()
    ranges: bool = False

    @property
    def is_open_question(self) -> bool:
        """Whether it is a POST with a JSON body, no effect, and no required key."""
        return self.question and self.scope is None and self.body is not None


def read(path: str, operation: Operation) -> Callable[[Callable[..., Any]], HTTPRouteHandler]:
    """A route for GET and HEAD."""
    return any_route(
        path,
        http_method=["GET", "HEAD"],
        opt={"operation": operation},
        guards=_guards(operation),
        middleware=_middleware(operation),
        status_code=200,
    )


def read_unlisted(path: str) -> Callable[[Callable[..., Any]], HTTPRouteHandler]:
    """A route for GET and HEAD outside the OpenAPI document."""
    return any_route(path, http_method=["GET", "HEAD"], status_code=200)


def exchange_unlisted(path: str) -> Callable[[Callable[..., Any]], HTTPRouteHandler]:
    """A POST route with its own protocol, outside the OpenAPI document."""
    return post(path, status_code=200)


def write(
    path: str, operation: Operation, *, max_body_bytes: int = MAX_BODY_BYTES
) -> Callable[[Callable[..., Any]], HTTPRouteHandler]:
    """A POST route; at most `max_body_bytes` of the body are read. Its effect goes through `once`."""
    return post(
        path,
        opt={"operation": operation},
        guards=_guards(operation),
        middleware=_middleware(operation),
        request_max_body_size=max_body_bytes,
        status_code=200,
    )


def ask(
    path: str, operation: Operation, *, max_body_bytes: int = MAX_BODY_BYTES
) -> Callable[[Callable[..., Any]], HTTPRouteHandler]:
    """A POST route without effect, for queries too long for a URL. Safe to repeat."""
    return post(
        path,
        opt={"operation": replace(operation, question=True)},
        guards=_guards(operation),
        middleware=_middleware(operation),
        request_max_body_size=max_body_bytes,
        status_code=200,
    )


def _guards(operation: Operation) -> list[Guard]:
    return [require_scope] if operation.scope else []


def _middleware(operation: Operation) -> list[Middleware]:
    return [ending(operation.deprecated)] if operation.deprecated else []


def operation_of(handler: HTTPRouteHandler) -> Operation | None:
    """The operation of a handler; None for OPTIONS handlers and unlisted routes."""
    operation: Operation | None = handler.opt.get("operation")
    return operation


def open_questions(routes: Iterable[BaseRoute]) -> frozenset[str]:
    """The paths of POSTs that any page may send, like public reads."""
    return frozenset(
        route.path
        for route in routes
        for handler in (route.route_handlers if isinstance(route, HTTPRoute) else ())
        if (operation := operation_of(handler)) and operation.is_open_question
    )


class Prices:
    """The prices of calls by method and path."""

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        self._of_paths: dict[tuple[str, str], Price] = {}
        self._of_templates: list[tuple[str, re.Pattern[str], Price]] = []
        for route in routes:
            for handler in route.route_handlers if isinstance(route, HTTPRoute) else ():
                operation = operation_of(handler)
                if operation is None or operation.price is READ:
                    continue
                for method in handler.http_methods:
                    if "{" in route.path_format:
                        template = _PARAMETER.sub("[^/]+", re.escape(route.path_format))
                        self._of_templates.append((method, re.compile(template), operation.price))
                    else:
                        self._of_paths[method, route.path] = operation.price

    def of(self, method: str, path: str) -> Price:
        """The price of a call; the path must be normalised as in the router."""
        exact = self._of_paths.get((method, path))
        if exact is not None:
            return exact
        for known, template, price in self._of_templates:
            if known == method and template.fullmatch(path):
                return price
        return READ
