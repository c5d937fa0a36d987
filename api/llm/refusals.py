"""Responses without an answer: the outcome of their status and error body.

An error body is an object with `error` (OpenAI and most), an array of such (Gemini), `detail` (FastAPI: Mistral,
vLLM), a bare `message`, or no JSON at all.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct

from api.llm.dialects import Dialect
from api.llm.outcomes import (
    Misconfigured,
    MisconfiguredReason,
    Outcome,
    Rejected,
    RejectReason,
    Unavailable,
    UnavailableReason,
)
from api.llm.retry_after import retry_after_s

_TEXTS: Final = frozenset(
    {"message", "msg", "detail", "error", "param", "code", "type", "loc", "status", "errors"}
)
_MAX_COMPLAINT: Final = 20_000  # characters; servers list one error per field
_MAX_NESTING: Final = 6
_CODE: Final = re.compile(r"[A-Za-z][A-Za-z_]{1,47}")  # without digits, so that no part of a key passes

_TOO_LONG: Final = re.compile(
    r"exceed_context_size|context_length_exceeded|context (?:length|window|size)|maximum (?:context|prompt)"
    r"|prompt is too long|too many (?:input |prompt )?tokens|input (?:is )?too long"
)
_FILTERED: Final = re.compile(r"content_filter|content_policy|content management policy|responsibleaipolicy")
_NO_MODEL: Final = re.compile(
    r"model_not_found|not a valid model|\bmodel\b.{0,99}(?:does not exist|not found)"
)
_NO_CREDIT: Final = re.compile(r"insufficient_quota|insufficient.balance|billing_(?:hard_limit|not_active)")
_RETRIED_STATUS: Final = frozenset({408, 409, 425})


class ErrorBody(Struct, frozen=True):
    """`complaint` is all texts of an error, for the negotiation; `code` is safe to log."""

    complaint: str
    code: str


def read_error(body: bytes) -> ErrorBody:
    """The error of a response. A body without any is its own complaint."""
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return ErrorBody(body[:_MAX_COMPLAINT].decode(errors="replace"), "")
    complaint = "\n".join(_texts(value, _MAX_NESTING))[:_MAX_COMPLAINT]
    return ErrorBody(complaint, _code(value))


def has_error(value: Any) -> bool:
    """Whether the decoded body of a response with status 200 is an error."""
    if isinstance(value, list):
        return any(map(has_error, value))
    return isinstance(value, dict) and (bool(value.get("error")) or value.get("object") == "error")


def error_in_answer(value: Any, headers: Mapping[str, str]) -> Unavailable:
    """The outcome of an error with status 200; OpenRouter gives the status of its upstream as `code`."""
    first = value[0] if isinstance(value, list) and value else value
    error = first.get("error") if isinstance(first, dict) else None
    number = error.get("code") if isinstance(error, dict) else None
    status = number if isinstance(number, int) and 400 <= number <= 599 else None
    return Unavailable(
        reason=UnavailableReason.ERROR_IN_ANSWER,
        charged=True,
        status=status,
        retry_after=retry_after_s(headers),
        detail=_detail(status or 200, _code(value)),
    )


def final_refusal(status: int, error: ErrorBody, dialect: Dialect) -> Rejected | Misconfigured | None:
    """The outcome of a 400 or 422 that no other dialect would change; None for any other."""
    text, detail = error.complaint.lower(), _detail(status, error.code)
    if _TOO_LONG.search(text):
        return Rejected(reason=RejectReason.PROMPT_TOO_LONG, dialect=dialect, charged=False, detail=detail)
    if _FILTERED.search(text):
        return Rejected(reason=RejectReason.REFUSED, dialect=dialect, charged=False, detail=detail)
    if _NO_MODEL.search(text):
        return Misconfigured(reason=MisconfiguredReason.NOT_FOUND, status=status, detail=detail)
    return None


def refusal(status: int, headers: Mapping[str, str], error: ErrorBody, dialect: Dialect) -> Outcome:
    """The outcome of any status except 200; of 400 and 422 after the last step of the negotiation."""
    detail = _detail(status, error.code)
    if 300 <= status < 400:
        return Misconfigured(reason=MisconfiguredReason.REDIRECTED, status=status, detail=detail)
    if status == 402 or (status == 429 and _NO_CREDIT.search(error.complaint.lower())):
        return Misconfigured(reason=MisconfiguredReason.NO_CREDIT, status=status, detail=detail)
    if status == 429:
        return _later(UnavailableReason.RATE_LIMITED, status, headers, detail)
    if status >= 500 or status in _RETRIED_STATUS:
        return _later(UnavailableReason.SERVER_ERROR, status, headers, detail)
    if status in (401, 403):
        return Misconfigured(reason=MisconfiguredReason.KEY_REFUSED, status=status, detail=detail)
    if status == 404:
        return Misconfigured(reason=MisconfiguredReason.NOT_FOUND, status=status, detail=detail)
    if status == 413:
        return Rejected(reason=RejectReason.PROMPT_TOO_LONG, dialect=dialect, charged=False, detail=detail)
    if status < 300:
        return Unavailable(reason=UnavailableReason.MALFORMED, charged=True, status=status, detail=detail)
    return Misconfigured(reason=MisconfiguredReason.REQUEST_REFUSED, status=status, detail=detail)


def _later(reason: UnavailableReason, status: int, headers: Mapping[str, str], detail: str) -> Unavailable:
    # a server that fails while it generates may charge for it
    return Unavailable(
        reason=reason,
        charged=status >= 500,
        status=status,
        retry_after=retry_after_s(headers),
        detail=detail,
    )


def _detail(status: int, code: str) -> str:
    return f"The server answered {status}" + (f" ({code})." if code else ".")


def _texts(value: Any, nesting: int) -> Iterator[str]:
    """Texts under the usual names; echoes of the request under others (`input`, `ctx`) are left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict) and nesting:
        for name, part in value.items():
            if name in _TEXTS:
                yield from _texts(part, nesting - 1)
    elif isinstance(value, list) and nesting:
        for part in value:
            yield from _texts(part, nesting - 1)


def _code(value: Any) -> str:
    first = value[0] if isinstance(value, list) and value else value
    inner = first.get("error") if isinstance(first, dict) else None
    for place in (inner, first):
        if isinstance(place, dict):
            for name in ("code", "status", "type"):
                if isinstance(code := place.get(name), str) and _CODE.fullmatch(code):
                    return code
    return ""
