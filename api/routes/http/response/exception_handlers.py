"""Converts exceptions to problem details; for a browser, to a page if there is nothing at a URL."""

from typing import Any

import structlog
from litestar import Response
from litestar.exceptions import (
    HTTPException,
    InternalServerException,
    MethodNotAllowedException,
    NotFoundException,
)

from api.errors import (
    ApiError,
    InternalError,
    InvalidRequest,
    MethodNotAllowed,
    NotFound,
    Unavailable,
)
from api.rendering.forms import Form
from api.rendering.html.failures import failure_html
from api.rendering.site import Site
from api.routes.http.request.headers import header, is_preflight
from api.routes.http.request.negotiation import VARY, prefers_page
from api.routes.http.request.types import Headers, HttpRequest
from api.routes.http.response.answers import Answer, LateAnswer
from api.routes.http.response.content_security_policy import PAGE_POLICY
from api.runtime.problem_details import to_problem
from schemas.wire import encode_json

REQUEST_ID = "unspun.request_id"  # scope key set by the gateway

_MISSING = (404, 410)
_PASSING = b"public, max-age=30"  # the resource may exist soon
log = structlog.get_logger(__name__)


def answer_exception(request: HttpRequest, raised: Exception) -> Response[Any]:
    """Litestar's handler for all exceptions."""
    return _AnswerResponse(answer_failure(request.scope, raised, request.app.state.runtime.site))


def answer_failure(scope: Any, raised: Exception, site: Site) -> Answer:
    """The response to a request that raised an exception; unexpected ones are logged."""
    error = to_api_error(raised)
    if isinstance(error, NotFound) and is_preflight(scope):
        # browsers report a 404 as a CORS failure, and do not send the request that would tell the page
        return Answer(204, [])
    if isinstance(error, InternalError):
        log.error("request_failed", request_id=scope[REQUEST_ID], exc_info=raised)
    private, has_page = header(scope, b"authorization") is not None, _has_page(scope, error)
    if has_page and prefers_page(header(scope, b"accept")):
        headers = [
            (b"content-type", Form.HTML.content_type),
            _cache_control(error, private=private),
            (b"vary", VARY),
            PAGE_POLICY,
        ]
        return LateAnswer(error.status, headers, failure_html(error.title, error.detail, site).encode())
    return problem_answer(
        error,
        base_url=site.base_url,
        request_id=scope[REQUEST_ID],
        private=private,
        vary=VARY if has_page else b"",
    )


def problem_answer(
    error: ApiError, *, base_url: str, request_id: str, private: bool, vary: bytes = b""
) -> Answer:
    """An error as problem+json. `private`: it must not be cached."""
    headers: Headers = [
        (b"content-type", b"application/problem+json"),
        _cache_control(error, private=private),
    ]
    if vary:
        headers.append((b"vary", vary))
    if error.retry_after is not None:
        headers.append((b"retry-after", b"%d" % error.retry_after))
    if error.registered is not None:  # the type is not our page, so link to it
        headers.append((b"link", f'<{base_url}/problems/{error.slug}>; rel="help"'.encode()))
    headers += [(name.lower().encode(), value.encode()) for name, value in error.headers.items()]
    return LateAnswer(
        error.status, headers, encode_json(to_problem(error, base_url=base_url, request_id=request_id))
    )


def _has_page(scope: Any, error: ApiError) -> bool:
    """Whether the error has a page: there is no route, or what is missing would have one."""
    if error.status not in _MISSING or scope["method"] not in ("GET", "HEAD"):
        return False
    handler = scope.get("route_handler")
    if handler is None:
        return True
    operation = handler.opt.get("operation")
    return operation is not None and Form.HTML in operation.forms


def _cache_control(error: ApiError, *, private: bool) -> tuple[bytes, bytes]:
    return b"cache-control", _PASSING if error.status in _MISSING and not private else b"no-store"


def to_api_error(raised: Exception) -> ApiError:
    """The API error for an exception; InternalError, without details, for unknown ones."""
    match raised:
        case ApiError():
            return raised
        case NotFoundException():
            return NotFound("There is nothing at this URL.")
        case MethodNotAllowedException():
            allowed = ", ".join(sorted((raised.headers or {}).get("allow", "").split(", ")))
            return MethodNotAllowed(f"Use one of {allowed}.", headers={"Allow": allowed})
        case InternalServerException():  # raised by Litestar if the client disconnects within the body
            return InvalidRequest("The body is shorter than its Content-Length.")
        case HTTPException() if raised.status_code < 500:
            return InvalidRequest(f"The request cannot be read: {raised.detail}.")
        case RecursionError():
            return InvalidRequest("The request is nested too deep.")
        case TimeoutError():
            return Unavailable("The request took too long.", retry_after=5)
    return InternalError("An unexpected error occurred. It was logged with the request id.")


class _AnswerResponse(Response[Any]):
    """Wraps a finished answer in Litestar's response class."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(content=None)
        self._answer = answer

    def to_asgi_response(self, *_: Any, **__: Any) -> Any:
        return self._answer
