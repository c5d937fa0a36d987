"""Query parameters: typed and closed, one struct a call."""

from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal, TypeVar
from urllib.parse import parse_qsl, urlencode

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from api.errors import ApiError, InvalidRequest
from api.routes.http.request.type_descriptions import expected_at
from api.routes.http.request.types import HttpRequest
from api.routes.http.request.validation_errors import parameter_error
from schemas.problems import FieldError

Q = TypeVar("Q", bound=Struct)

# What says which part of a list is shown, and how; the rest of a query says which objects are meant.
SHAPING: Final = frozenset({"limit", "cursor", "fields", "include", "expand"})
MAX_BYTES = 8_192  # of the whole query; a URL of 2,048 characters takes up to 6,144 when it is escaped


class PageQuery(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What every list takes. Each list adds its filters; one that is not given is UNSET."""

    limit: Annotated[int, Meta(ge=1, le=100, description="How many objects a page holds.")] = 20
    cursor: (
        Annotated[
            str,
            Meta(
                min_length=1, max_length=512, description="Where the page begins: `next_cursor` of the last."
            ),
        ]
        | UnsetType
    ) = UNSET

    def filters(self) -> dict[str, Any]:
        """The filters given, by name."""
        values = {name: getattr(self, name) for name in self.__struct_fields__ if name not in SHAPING}
        return {name: value for name, value in values.items() if value is not UNSET and name != "sort"}

    def with_cursor(self, cursor: str | None) -> str:
        """The query string that asks for the page at `cursor`, or for the first one, with the same filters."""
        shown = {
            name: str(value).lower() if isinstance(value, bool) else value
            for name, value in msgspec.to_builtins(self).items()
            if name != "cursor"
        }
        return urlencode(shown if cursor is None else shown | {"cursor": cursor})


FieldNames = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=1_000,
        description=(
            "Only these fields of each object, by commas, with dots into it. All others are left out, also those "
            "that the schema requires."
        ),
    ),
]
Expansions = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=200,
        description=(
            "Adds `expanded` to each object: the objects that it names, by commas, at most four, with a dot for "
            "what these name in turn."
        ),
    ),
]
Words = Annotated[str, Meta(min_length=1, max_length=200)]


class ListQuery(PageQuery, kw_only=True, frozen=True):
    """What public lists take beside that."""

    fields: Annotated[FieldNames, Meta(examples=["id"])] | UnsetType = UNSET
    include: (
        Annotated[
            Literal["total_count"],
            Meta(description="How many objects pass the filters, counted up to 10,000."),
        ]
        | UnsetType
    ) = UNSET


def read_query(request: HttpRequest, query: type[Q]) -> Q:
    """The request's parameters. Raises InvalidRequest for one that is unknown, repeated, or not of its type."""
    raw: bytes = request.scope["query_string"]
    if not raw:
        return _convert({}, query)
    if len(raw) > MAX_BYTES:
        raise InvalidRequest(f"The query is longer than {MAX_BYTES} bytes.")
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, errors="strict")
    except UnicodeError:
        raise InvalidRequest("The query is not UTF-8, percent-encoded.") from None
    given: dict[str, str] = {}
    for name, value in pairs:
        if name in given:
            raise refuse_parameter(name, "repeated", "The parameter is given twice.")
        if "\x00" in name or "\x00" in value:
            raise refuse_parameter(name, "malformed", "The parameter holds U+0000.")
        given[name] = value
    return _convert(given, query)


def _convert(given: dict[str, str], query: type[Q]) -> Q:
    try:
        values = msgspec.convert(given, query, strict=False)
    except msgspec.ValidationError as error:
        wrong = parameter_error(error, query)
        raise InvalidRequest(f"{wrong.parameter}: {wrong.detail}", errors=[wrong]) from None
    fields = dict(zip(query.__struct_encode_fields__, query.__struct_fields__, strict=True))
    for name, text in given.items():
        # a query that forbids no unknown ones has passed over the others
        code = _misspelt(text, getattr(values, fields[name])) if name in fields else None
        if code is not None:
            raise refuse_parameter(name, code, f"Expected {expected_at(query, [name])}")
    return values


def _misspelt(text: str, value: object) -> str | None:
    """msgspec reads more than the contract says: 1e2 for a number, seconds of the epoch for a time."""
    if isinstance(value, bool):
        return None if text in ("true", "false") else "wrong_type"
    if isinstance(value, int):
        return None if text.isascii() and text.isdecimal() else "wrong_type"
    if isinstance(value, datetime):
        try:
            value.astimezone(UTC)
        except OverflowError:  # a time at the calendar's ends has no UTC
            return "malformed"
        return None if "-" in text[:5] else "malformed"
    return None


def refuse_parameter(name: str, code: str, detail: str) -> ApiError:
    """The refusal of one parameter, to be raised."""
    error = FieldError(pointer=None, parameter=name, code=code, detail=detail)
    return InvalidRequest(f"{name}: {detail}", errors=[error])
