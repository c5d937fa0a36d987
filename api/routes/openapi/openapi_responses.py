"""Responses of the OpenAPI document, with examples and links."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from api.errors import (
    AbnormalUsage,
    ApiError,
    Ended,
    Forbidden,
    Gone,
    HeadersTooLarge,
    HttpsRequired,
    IdempotencyKeyInUse,
    IdempotencyKeyReused,
    InternalError,
    InvalidRequest,
    NetworkRefused,
    NotAcceptable,
    NotFound,
    QuotaExceeded,
    ReducedCapacity,
    RequestTimeout,
    TargetTooLong,
    TooLarge,
    Unauthorized,
    Unavailable,
    UnsupportedMediaType,
)
from api.rendering.forms import Form
from api.routes.http.admission.operation import Operation
from api.routes.http.response.schema_addresses import reference_to
from api.routes.openapi.openapi_headers import answer_headers, error_headers, references, unchanged_headers
from schemas.problems import NotAcceptableProblem, Problem, QuotaProblem

# Errors that occur before routing; shared components.
OF_ALL: Final[tuple[type[ApiError], ...]] = (HeadersTooLarge, TargetTooLong)
# Errors that every route can return.
_ALWAYS: Final[tuple[type[ApiError], ...]] = (InvalidRequest, InternalError, Unavailable)
# What a call with a key can answer, also one that needs none.
_KEYED: Final[tuple[type[ApiError], ...]] = (Unauthorized, NetworkRefused, HttpsRequired)
_LIMITED: Final[tuple[type[ApiError], ...]] = (QuotaExceeded, AbnormalUsage, ReducedCapacity)
# Responses that many operations have: components, by name.
_SHARED: Final[dict[tuple[type[ApiError], ...], str]] = {
    (HeadersTooLarge,): HeadersTooLarge.slug,
    (TargetTooLong,): TargetTooLong.slug,
    (Unauthorized,): Unauthorized.slug,
    (NetworkRefused, HttpsRequired): "key-refused",
    (Forbidden, NetworkRefused, HttpsRequired): "forbidden",
}
_REPEATABLE: Final[tuple[type[ApiError], ...]] = (IdempotencyKeyInUse, IdempotencyKeyReused)


def responses_of(path: str, operation: Operation, method: str, links: dict[str, Any]) -> dict[str, Any]:
    """All responses of an operation by status; `links` belong to the successful ones."""
    content: dict[str, Any] = {operation.media_type: {"schema": _bytes_of(operation.media_type)}}
    if operation.answer is not None:
        example = {"$ref": f"#/components/examples/{name_of(operation.answer)}"}
        content[operation.media_type] = {
            "schema": reference_to(operation.answer),
            "examples": {"invented": example},
        }
    for form in operation.forms:
        content.setdefault(form.media_type, {"schema": _bytes_of(form.media_type)})
    headers = answer_headers(path, operation, method)
    answer = {"description": "Success.", "content": content, "headers": references(*headers)}
    responses: dict[str, Any] = {str(operation.status): answer | ({"links": links} if links else {})}
    if operation.accepted:
        responses["202"] = {
            "description": operation.accepted,
            "content": content,
            "headers": references(*headers, "Retry-After"),
            **({"links": links} if links else {}),
        }
    if operation.ranges:
        responses["206"] = answer | {
            "description": "The requested range of bytes.",
            "headers": references(*headers, "Content-Range"),
        }
    if operation.conditional and method == "get":
        responses["304"] = {
            "description": "Not modified: the client's copy is current.",
            "headers": references(*unchanged_headers(path, operation, method)),
        }
    by_status: dict[int, list[type[ApiError]]] = defaultdict(list)
    for error in errors_of(path, operation, method):
        by_status[error.status].append(error)
    for status, errors in sorted(by_status.items()):
        shared = _SHARED.get(tuple(errors))
        responses[str(status)] = _reference(shared) if shared else _response_of(status, errors)
        if status in (NotFound.status, Gone.status) and Form.HTML in operation.forms:
            page = Form.HTML.media_type
            responses[str(status)]["content"][page] = {"schema": _bytes_of(page)}
    for error in OF_ALL:
        responses[str(error.status)] = _reference(error.slug)
    return dict(sorted(responses.items()))


def shared_responses() -> dict[str, Any]:
    """The responses that many operations refer to, by name."""
    return {name: _response_of(errors[0].status, errors) for errors, name in _SHARED.items()}


def _reference(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/responses/{name}"}


def _response_of(status: int, errors: Sequence[type[ApiError]]) -> dict[str, Any]:
    problem = {
        "schema": _problem_of(status),
        "examples": {error.slug: {"$ref": f"#/components/examples/{error.slug}"} for error in errors},
    }
    return {
        "description": " ".join(f"{error.title} (`{error.slug}`)." for error in errors),
        "content": {"application/problem+json": problem},
        "headers": references(*error_headers(status)),
    }


def _bytes_of(media_type: str) -> dict[str, Any]:
    """The schema of a body that is not a struct.

    Without one, client generators treat the response as untyped in its other formats too.
    """
    return {"type": "object"} if media_type.endswith(("/json", "+json", "/yaml")) else {"type": "string"}


def name_of(answer: Any) -> str:
    """The component name of a response type."""
    name: str = reference_to(answer)["$ref"].rpartition("/")[2]
    return name


def errors_of(path: str, operation: Operation, method: str) -> list[type[ApiError]]:
    """The operation's own errors and those implied by its kind, without those of all operations."""
    found = [*operation.errors, *_ALWAYS]
    if "{" in path:  # a path that does not belong to an object
        found.append(NotFound)
    if operation.forms:
        found.append(NotAcceptable)
    if operation.deprecated:
        found.append(Ended)
    if method == "post":
        found.append(RequestTimeout)
        found += [TooLarge] if operation.body is None else [TooLarge, UnsupportedMediaType]
        found += [] if operation.question else _REPEATABLE
    if not operation.price.vital:
        found += [*_KEYED, *_LIMITED]
    return list(dict.fromkeys(found))


def _problem_of(status: int) -> dict[str, Any]:
    """The schema for these errors. Status 429 has two: quota, and too many invalid keys."""
    if status == 406:
        return reference_to(NotAcceptableProblem)
    if status != 429:
        return reference_to(Problem)
    return {"anyOf": [reference_to(QuotaProblem), reference_to(Problem)]}
