"""Headers of the OpenAPI document's responses: each described once, and named where it is sent.

What every HTTP server sends is left out, and what is on all answers alike to protect or to admit browsers.
Problems are four responses of five, so theirs are those alone that help against them.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from api.rendering.forms import LIST_FORMS, Form
from api.routes.http.admission.operation import Operation
from api.routes.http.request.query import PageQuery

HEADERS: Final = {
    "X-Request-Id": "Names this exchange: the client's own id where it sent one, and `request_id` in problems.",
    "Cache-Control": "How long the answer may be kept, and by whom (RFC 9111).",
    "ETag": "Names these bytes, or a state: send it back as If-None-Match, or as If-Match where that is taken.",
    "Last-Modified": "When what is shown last changed; left out where nothing is.",
    "Vary": "Which headers of the request choose among answers of this address.",
    "Link": "What leads on (RFC 8288): other forms, next pages, schema, terms and the service's description.",
    "Content-Location": "The address of this form.",
    "Content-Signal": "What may become of what was read: search, answers, training (contentsignals.org).",
    "X-Markdown-Tokens": "About how many tokens the Markdown takes, at four characters each. On Markdown alone.",
    "RateLimit-Policy": 'The policies that pay for the call, as `"burst";q=60;w=60`: 60 units in 60 seconds.',
    "RateLimit": 'What is left of them, as `"burst";r=42;t=6`: 42 units, and more in 6 seconds.',
    "Retry-After": "Seconds until it is worth trying again.",
    "Location": "The address of what was made, or is being made.",
    "Idempotency-Replayed": "`true` where an earlier request had the effect.",
    "Preference-Applied": "What was heeded of the request's Prefer (RFC 7240).",
    "WWW-Authenticate": "What the key lacks (RFC 6750): `error`, and the `scope` that it needs.",
    "Deprecation": "Since when it is deprecated, as `@` and seconds of the epoch.",
    "Sunset": "When it ends, as an HTTP date.",
}
_OF_ALL: Final = ("X-Request-Id",)
# Not in a 304: who asks holds them.
_WITH_A_BODY: Final = ("Last-Modified", "Link", "Content-Signal", "X-Markdown-Tokens")
_OF_ERRORS: Final = {
    401: ("WWW-Authenticate",),
    403: ("WWW-Authenticate",),
    429: ("Retry-After",),
    503: ("Retry-After",),
}


def header_components(paths: Mapping[str, Any]) -> dict[str, Any]:
    """Those that responses of these paths name."""
    used = {
        name
        for methods in paths.values()
        for operation in methods.values()
        for response in operation["responses"].values()
        for name in response.get("headers", ())  # one that is a reference names those of all problems
    }
    return {
        name: {"description": text, "schema": {"type": "string"}}
        for name, text in HEADERS.items()
        if name in used
    }


def references(*names: str) -> dict[str, Any]:
    """As they stand in a response."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def answer_headers(path: str, operation: Operation, method: str) -> list[str]:
    """Of a successful answer."""
    return [*_OF_ALL, "RateLimit-Policy", "RateLimit", *_own(path, operation, method)]


def unchanged_headers(path: str, operation: Operation, method: str) -> list[str]:
    """Of 304."""
    return [name for name in answer_headers(path, operation, method) if name not in _WITH_A_BODY]


def error_headers(status: int) -> list[str]:
    """Of a problem with this status."""
    return [*_OF_ALL, *_OF_ERRORS.get(status, ())]


def _own(path: str, operation: Operation, method: str) -> Iterator[str]:
    is_read = method == "get" and operation.conditional
    is_public = operation.is_open_question or (is_read and operation.scope is None)
    yield "Cache-Control"
    # a state's own tag is that of its one form, and a stream has no other
    if is_public or (operation.scope and "ETag" not in operation.headers and operation.answer is not None):
        yield "Vary"
    if is_public or operation.accepted or issubclass(operation.query, PageQuery):
        yield "Link"
    if is_public:
        yield "Content-Signal"
    if is_read:
        yield "Last-Modified"
        yield "ETag"
    if len(operation.forms) > 1 and operation.forms != LIST_FORMS and path != "/":
        yield "Content-Location"
    if Form.MARKDOWN.media_type in (operation.media_type, *(form.media_type for form in operation.forms)):
        yield "X-Markdown-Tokens"
    if operation.status == 201 or operation.accepted:
        yield "Location"
    if operation.accepted:
        yield "Preference-Applied"
    if method == "post" and not operation.question:
        yield "Idempotency-Replayed"
    if operation.deprecated:
        yield "Deprecation"
        yield "Sunset"
    yield from operation.headers
