"""Query parameters: one struct per operation; unknown parameters are refused."""

from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal, TypeVar
from urllib.parse import parse_qsl, urlencode

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from api.errors import InvalidRequest
from api.routes.http.request.type_descriptions import expected_at
from api.routes.http.request.types import HttpRequest
from api.routes.http.request.validation_errors import (
    MAX_ERRORS,
    parameter_error,
    parameter_errors,
    refusal,
)

Q = TypeVar("Q", bound=Struct)

# Parameters for paging and representation; all others are filters.
SHAPING: Final = frozenset({"limit", "cursor", "fields", "include", "expand"})
MAX_BYTES = 8_192  # of the query; an escaped URL of 2,048 characters takes up to 6,144


class PageQuery(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Parameters of every list. Subclasses add filters; an omitted filter is UNSET."""

    limit: Annotated[int, Meta(ge=1, le=100, description="Objects per page.")] = 20
    cursor: (
        Annotated[
            str,
            Meta(min_length=1, max_length=512, description="`next_cursor` of the previous page."),
        ]
        | UnsetType
    ) = UNSET

    def filters(self) -> dict[str, Any]:
        """The filters given, by name."""
        values = {name: getattr(self, name) for name in self.__struct_fields__ if name not in SHAPING}
        return {name: value for name, value in values.items() if value is not UNSET and name != "sort"}

    def with_cursor(self, cursor: str | None) -> str:
        """The query string of the page at `cursor`, or of the first page, with the same filters."""
        parameters = {
            name: str(value).lower() if isinstance(value, bool) else value
            for name, value in msgspec.to_builtins(self).items()
            if name != "cursor"
        }
        return urlencode(parameters if cursor is None else parameters | {"cursor": cursor})


FieldNames = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=1_000,
        description=(
            "Return only these fields: comma-separated, with dots for nested fields. Others are omitted, even if "
            "the schema requires them."
        ),
    ),
]
Expansions = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=200,
        description=(
            "Add related objects as `expanded`: at most four names, comma-separated, with dots for their own "
            "related objects."
        ),
    ),
]
Words = Annotated[str, Meta(min_length=1, max_length=200)]


class ListQuery(PageQuery, kw_only=True, frozen=True):
    """Additional parameters of public lists."""

    fields: Annotated[FieldNames, Meta(examples=["id"])] | UnsetType = UNSET
    include: (
        Annotated[
            Literal["total_count"],
            Meta(description="Include the number of matching objects, counted up to 10,000."),
        ]
        | UnsetType
    ) = UNSET


def read_query(request: HttpRequest, query: type[Q]) -> Q:
    """The request's parameters. Raises InvalidRequest for unknown, repeated or invalid ones."""
    raw: bytes = request.scope["query_string"]
    if not raw:
        return _convert({}, query)
    if len(raw) > MAX_BYTES:
        raise InvalidRequest(f"The query string exceeds {MAX_BYTES} bytes.")
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, errors="strict")
    except UnicodeError:
        raise InvalidRequest("The query string is not percent-encoded UTF-8.") from None
    given: dict[str, str] = {}
    wrong = {}
    for name, value in pairs:
        if name in given:
            wrong[name] = ("repeated", "The parameter is repeated.")
        elif "\x00" in name or "\x00" in value:
            wrong[name] = ("malformed", "The parameter contains U+0000.")
        given[name] = value
    if wrong:
        raise refusal([parameter_error(name, *why) for name, why in wrong.items()][:MAX_ERRORS])
    return _convert(given, query)


def _convert(given: dict[str, str], query: type[Q]) -> Q:
    try:
        values = msgspec.convert(given, query, strict=False)
    except msgspec.ValidationError:
        raise refusal(parameter_errors(given, query)) from None
    fields = dict(zip(query.__struct_encode_fields__, query.__struct_fields__, strict=True))
    errors = []
    for name, text in given.items():
        # queries that allow unknown parameters have ignored the others
        code = _strictness_error(text, getattr(values, fields[name])) if name in fields else None
        if code is not None:
            errors.append(parameter_error(name, code, f"Expected {expected_at(query, [name])}"))
    if errors:
        raise refusal(errors)
    return values


def _strictness_error(text: str, value: object) -> str | None:
    """The error code for values that only msgspec accepts: 1e2, or epoch seconds for a time."""
    if isinstance(value, bool):
        return None if text in ("true", "false") else "wrong_type"
    if isinstance(value, int):
        return None if text.isascii() and text.isdecimal() else "wrong_type"
    if isinstance(value, datetime):
        try:
            value.astimezone(UTC)
        except OverflowError:  # outside datetime's range in UTC
            return "malformed"
        return None if "-" in text[:5] else "malformed"
    return None
