"""Headers of the OpenAPI document's responses, as shared components.

Left out are headers of every HTTP server and security and CORS headers, which are on all responses. Problems
list only the headers that help with the error, because they are four responses of five.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from api.rendering.forms import LIST_FORMS, Form
from api.routes.http.admission.operation import Operation
from api.routes.http.request.query import PageQuery

HEADERS: Final = {
    "X-Request-Id": "Id of the request: the client's own id if it sent one. Same as `request_id` in problems.",
    "Cache-Control": "Caching rules (RFC 9111).",
    "ETag": "Version of the response or resource, for If-None-Match and, where supported, If-Match.",
    "Last-Modified": "Time of the last change; omitted if unknown.",
    "Vary": "Request headers that affect the response.",
    "Link": "Links (RFC 8288): other formats, further pages, schema, terms, service description.",
    "Accept-Ranges": "`bytes`: ranges can be requested.",
    "Content-Range": "The range and the size of the whole: `bytes 0-499/1234`, or `bytes */1234`.",
    "Content-Location": "URL of this format.",
    "Content-Signal": "Permitted uses: search, AI input, AI training (contentsignals.org).",
    "X-Markdown-Tokens": "Estimated tokens of the document, at four characters each. Markdown only.",
    "RateLimit-Policy": 'The quota policies of the call, such as `"burst";q=60;w=60`: 60 units in 60 seconds.',
    "RateLimit": 'The remaining quota, such as `"burst";r=42;t=6`: 42 units, and more in 6 seconds.',
    "Retry-After": "Seconds to wait before retrying.",
    "Location": "URL of the created resource or analysis.",
    "Idempotency-Replayed": "`true` if this is the response of an earlier request.",
    "Preference-Applied": "The applied preference (RFC 7240).",
    "WWW-Authenticate": "The authentication error (RFC 6750): `error`, and the required `scope`.",
    "Deprecation": "Deprecation time, as `@` and seconds since the epoch.",
    "Sunset": "Time of removal, as an HTTP date.",
}
_OF_ALL: Final = ("X-Request-Id",)
# Not in a 304: the client has them.
_WITH_A_BODY: Final = ("Last-Modified", "Link", "Content-Signal", "X-Markdown-Tokens")
_OF_ERRORS: Final = {
    401: ("WWW-Authenticate",),
    403: ("WWW-Authenticate",),
    416: ("Content-Range",),
    429: ("Retry-After",),
    503: ("Retry-After",),
}


def header_components(paths: Mapping[str, Any], shared: Mapping[str, Any]) -> dict[str, Any]:
    """The headers of these paths' responses and of the `shared` ones."""
    responses = [
        response
        for methods in paths.values()
        for operation in methods.values()
        for response in operation["responses"].values()
    ]
    used = {name for response in (*responses, *shared.values()) for name in response.get("headers", ())}
    return {
        name: {"description": text, "schema": {"type": "string"}}
        for name, text in HEADERS.items()
        if name in used
    }


def references(*names: str) -> dict[str, Any]:
    """References to header components, by name."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def answer_headers(path: str, operation: Operation, method: str) -> list[str]:
    """Headers of a successful response."""
    return [*_OF_ALL, "RateLimit-Policy", "RateLimit", *_own(path, operation, method)]


def unchanged_headers(path: str, operation: Operation, method: str) -> list[str]:
    """Headers of a 304."""
    return [name for name in answer_headers(path, operation, method) if name not in _WITH_A_BODY]


def error_headers(status: int) -> list[str]:
    """Headers of a problem with this status."""
    return [*_OF_ALL, *_OF_ERRORS.get(status, ())]


def _own(path: str, operation: Operation, method: str) -> Iterator[str]:
    is_read = method == "get" and operation.conditional
    is_public = operation.is_open_question or (is_read and operation.scope is None)
    yield "Cache-Control"
    # resources with one format, and streams, do not vary
    if is_public or (operation.scope and "ETag" not in operation.headers and operation.answer is not None):
        yield "Vary"
    if is_public or operation.accepted or issubclass(operation.query, PageQuery):
        yield "Link"
    if is_public:
        yield "Content-Signal"
    if is_read and "ETag" not in operation.headers:  # a tag of the object's version comes without a date
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
    if operation.ranges:
        yield "Accept-Ranges"
    yield from operation.headers
