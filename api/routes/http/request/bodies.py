"""JSON request bodies, limited in bytes and depth before decoding."""

import re
from collections.abc import Iterator
from typing import Any, TypeVar

import msgspec
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from msgspec import Struct

from api.errors import InvalidRequest, TooLarge, UnsupportedMediaType
from api.routes.http.request.headers import header
from api.routes.http.request.types import HttpRequest
from api.routes.http.request.validation_errors import MAX_ERRORS, body_errors, refusal
from schemas.problems import FieldError

B = TypeVar("B", bound=Struct)

MAX_DEPTH = 32  # deeper than any input struct; protects the recursive decoder
MAX_BRACKETS = 100_000  # bounds the check itself; a thousand objects with lists need a tenth of it

# A string with its escapes. The optional closing quote and possessive parts keep the scan linear.
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_BRACKETS = b"[]{}"
_NOT_BRACKETS = bytes(set(range(256)) - set(_BRACKETS))


async def read_body(request: HttpRequest, body: type[B], *, takes_nul: bool = False) -> B:
    """The decoded request body; an empty one is `{}` if it may be left out.

    Raises UnsupportedMediaType for anything but plain JSON; TooLarge beyond the route's limit; InvalidRequest
    for invalid JSON, deep nesting, a wrong type, or U+0000, which PostgreSQL cannot store (unless `takes_nul`).
    """
    try:
        raw = await request.body()
    except RequestEntityTooLarge:
        limit = request.route_handler.resolve_request_max_body_size()
        raise TooLarge(f"The body exceeds the limit of {limit:,} bytes.") from None
    if not raw and may_be_empty(body):
        raw = b"{}"
    else:
        _check_media_type(request)
    value = decode_body(raw, body)
    if not takes_nul and b"\\u0000" in raw:
        errors = [
            FieldError(pointer=pointer, parameter=None, code="malformed", detail="The text contains U+0000.")
            for pointer in _with_nul(value)
        ]
        if errors:
            raise refusal(errors[:MAX_ERRORS])
    return value


def decode_body(raw: bytes, body: type[B]) -> B:
    """Raises InvalidRequest, with `errors` if it is JSON."""
    if is_too_deep(raw):
        raise InvalidRequest(
            f"The body has too many or unbalanced brackets, or more than {MAX_DEPTH} levels."
        )
    try:
        try:
            return msgspec.json.decode(raw, type=body)
        except msgspec.ValidationError:
            value = msgspec.json.decode(raw)  # fails if text follows the value
    except (msgspec.DecodeError, UnicodeError) as error:
        detail = "it is not UTF-8" if isinstance(error, UnicodeError) else str(error)
        raise InvalidRequest(f"The body is not JSON: {detail}.") from None
    # each value is right, so an earlier one of the same field was wrong
    repeated = FieldError(pointer="#", parameter=None, code="repeated", detail="A field is repeated.")
    raise refusal(body_errors(value, body) or [repeated])


def may_be_empty(body: type[Struct]) -> bool:
    """Whether the body may be left out, as no field is required."""
    return not any(field.required for field in msgspec.structs.fields(body))


async def read_no_body(request: HttpRequest) -> None:
    """Checks that the body is empty. Raises InvalidRequest if it is not, TooLarge for a very large one."""
    try:
        raw = await request.body()
    except RequestEntityTooLarge:
        raise TooLarge("This call takes no body.") from None
    if raw:
        raise InvalidRequest("This call takes no body.")


def is_too_deep(raw: bytes) -> bool:
    """Whether brackets outside strings nest deeper than `MAX_DEPTH`; also true for some unbalanced input.

    Removes the innermost pairs once per level: a few `bytes.replace` passes instead of a loop in Python.
    """
    brackets = _STRING.sub(b"", raw).translate(None, delete=_NOT_BRACKETS)
    if len(brackets) > MAX_BRACKETS:
        return True
    for _ in range(MAX_DEPTH):
        if not brackets:
            return False
        brackets = brackets.replace(b"[]", b"").replace(b"{}", b"")
    return bool(brackets)


def _check_media_type(request: HttpRequest) -> None:
    media_type, _, parameters = (header(request.scope, b"content-type") or "").partition(";")
    charset = parameters.lower().replace(" ", "").replace('"', "")
    if media_type.strip().lower() != "application/json" or charset not in ("", "charset=utf-8"):
        raise UnsupportedMediaType("Send Content-Type: application/json in UTF-8.")
    coding = header(request.scope, b"content-encoding")
    if coding is not None and coding.lower() != "identity":
        raise UnsupportedMediaType("Send the body without Content-Encoding.")


def _with_nul(value: Any, pointer: str = "#") -> Iterator[str]:
    """The pointers of texts that contain U+0000."""
    if isinstance(value, str) and "\x00" in value:
        yield pointer
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from _with_nul(getattr(value, name), f"{pointer}/{name}")
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from _with_nul(part, f"{pointer}/{number}")
