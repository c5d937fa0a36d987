"""What a route says of itself: everything the OpenAPI document needs beside its signature and docstring."""

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

MAX_BODY_BYTES = 65_536  # most bodies are a URL or some filters; a route that takes more says so
_PARAMETER = re.compile(r"\\{\w+\\}")  # of a path, once it is escaped


class NoParameters(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A call without query parameters."""


@dataclass(frozen=True, kw_only=True)
class Operation:
    """`answer` is the struct of the body, or None where it is not JSON; `media_type` says what it is then.

    `errors` are those of the resource itself: what every route can answer (an unreadable request, an error of
    ours, a database that is away) is known already. `scope` is what the key must be allowed to do, or ANY_SCOPE;
    a route without one is public. `status` is that of success; `accepted` says what a 202 means, where there is
    one; `matched` that it takes If-Match; `question` that it is a POST without effect. `price` is what a call
    costs its caller's quota. `examples` are bodies by name.
    `deprecated` says that it ends, and when. `headers` are of its success, beside what goes with its kind.
    `forms` are those that `form_of` may choose for the answer, JSON first; none where Accept is not asked.
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

    @property
    def is_open_question(self) -> bool:
        """Whether it is a POST that is sent as JSON, has no effect, and needs no key."""
        return self.question and self.scope is None and self.body is not None


def read(path: str, operation: Operation) -> Callable[[Callable[..., Any]], HTTPRouteHandler]:
    """A route for GET and HEAD."""
    return any_route(
        path,
        http_method=["GET", "HEAD"],
        opt={"operation": operation},
        guards=_guards(operation),
        middleware=_around(operation),
        status_code=200,
    )


def read_unlisted(path: str) -> Callable[[Callable[..., Any]], HTTPRouteHandler]:
    """A route for GET and HEAD that is no part of the contract."""
    return any_route(path, http_method=["GET", "HEAD"], status_code=200)


def exchange_unlisted(path: str) -> Callable[[Callable[..., Any]], HTTPRouteHandler]:
    """A route for POST that speaks a protocol of its own and is no part of the contract."""
    return post(path, status_code=200)


def write(
    path: str, operation: Operation, *, max_body_bytes: int = MAX_BODY_BYTES
) -> Callable[[Callable[..., Any]], HTTPRouteHandler]:
    """A route for POST, whose body is never read beyond `max_body_bytes`. Its effect goes through `once`."""
    return post(
        path,
        opt={"operation": operation},
        guards=_guards(operation),
        middleware=_around(operation),
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
        middleware=_around(operation),
        request_max_body_size=max_body_bytes,
        status_code=200,
    )


def _guards(operation: Operation) -> list[Guard]:
    return [require_scope] if operation.scope else []


def _around(operation: Operation) -> list[Middleware]:
    return [ending(operation.deprecated)] if operation.deprecated else []


def operation_of(handler: HTTPRouteHandler) -> Operation | None:
    """None for routes that are not part of the contract: the answers to OPTIONS, the assets of the docs."""
    operation: Operation | None = handler.opt.get("operation")
    return operation


def open_questions(routes: Iterable[BaseRoute]) -> frozenset[str]:
    """The paths of those POSTs that any page may send, like public reads."""
    return frozenset(
        route.path
        for route in routes
        for handler in (route.route_handlers if isinstance(route, HTTPRoute) else ())
        if (operation := operation_of(handler)) and operation.is_open_question
    )


class Prices:
    """What the calls of these routes cost."""

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
        """Of a call whose path is spelt as the router spells it."""
        exact = self._of_paths.get((method, path))
        if exact is not None:
            return exact
        for known, template, price in self._of_templates:
            if known == method and template.fullmatch(path):
                return price
        return READ
