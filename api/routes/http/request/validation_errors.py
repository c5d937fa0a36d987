"""Converts msgspec's validation errors to `FieldError`: place, code, and expected value."""

import re
from collections.abc import Iterator, Mapping, Sequence
from types import UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin
from urllib.parse import quote

import msgspec
from msgspec import Struct, UnsetType, ValidationError

from api.errors import InvalidRequest
from api.routes.http.request.type_descriptions import expected_at
from schemas.problems import FieldError

_PLACE = re.compile(r"(`key` in )?`\$(.*)`", re.DOTALL)
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")
_GOT = re.compile(r"got `(\w+)`|Invalid enum value (.*)", re.DOTALL)
_JSON: Final = {
    "array": "a list",
    "bool": "true or false",
    "float": "a number with a fraction",
    "int": "a whole number",
    "null": "null",
    "object": "an object",
    "str": "a string",
}
_IN_FRAGMENT: Final = "!$&'()*+,;=:@~?"  # RFC 3986 section 3.5
MAX_ERRORS: Final = 20

# Error codes by msgspec's message; the first match applies.
_CODES = (
    (re.compile(r"Expected `(?:str|array|object)` of length >="), "too_short"),
    (re.compile(r"Expected `(?:str|array|object)` of length <="), "too_long"),
    (re.compile(r"Expected `\w+` (?:>|>=) "), "too_small"),
    (re.compile(r"Expected `\w+` (?:<|<=) "), "too_large"),
    (re.compile(r".*out of range"), "out_of_range"),
    (re.compile(r"Invalid enum value"), "not_allowed"),
    (re.compile(r"Expected `str` matching regex"), "malformed"),
    (re.compile(r"Invalid |Expected `datetime`"), "malformed"),
    (re.compile(r"Expected "), "wrong_type"),
)


def body_errors(value: Any, body: type[Struct]) -> list[FieldError]:
    """What keeps a decoded JSON value from being a `body`, at most `MAX_ERRORS` in the body's order.

    `pointer` is a JSON Pointer as a URI fragment (RFC 6901 section 6) and leads to a part of the value: a missing
    field's is that of its object.
    """
    found: list[FieldError] = []
    _collect(value, body, [], body, found)
    return found


def parameter_errors(given: Mapping[str, str], query: type[Struct]) -> list[FieldError]:
    """What keeps these parameters from being a `query`, at most `MAX_ERRORS`; `parameter` is the name."""
    fields = {field.encode_name: field for field in msgspec.structs.fields(query)}
    found = []
    for name, text in given.items():
        if name in fields:
            try:
                msgspec.convert(text, _without_unset(fields[name].type), strict=False)
            except ValidationError as error:
                message = _split(str(error))[0]
                # all parameters are text
                detail = _detail(message, [name], query, "parameter").removesuffix(", got a string")
                found.append(parameter_error(name, _code(message), detail))
        elif query.__struct_config__.forbid_unknown_fields:
            known = f"expected one of {', '.join(fields)}" if fields else "this call takes none"
            detail = f"Unknown parameter `{name}`; {known}"
            found.append(parameter_error(name, "unknown", detail))
    found += [
        parameter_error(name, "missing", f"Missing parameter `{name}`")
        for name, field in fields.items()
        if field.required and name not in given
    ]
    return found[:MAX_ERRORS]


def refusal(errors: Sequence[FieldError]) -> InvalidRequest:
    """The error for all of these; its detail is the first one."""
    first = errors[0]
    more = f" ({len(errors) - 1} more in `errors`)" if len(errors) > 1 else ""
    return InvalidRequest(f"{first.pointer or first.parameter}: {first.detail}{more}", errors=errors)


def refuse_parameter(name: str, code: str, detail: str) -> InvalidRequest:
    """The error for one parameter."""
    return refusal([parameter_error(name, code, detail)])


def parameter_error(name: str, code: str, detail: str) -> FieldError:
    """One parameter's error."""
    return FieldError(pointer=None, parameter=name, code=code, detail=detail)


def _collect(value: Any, kind: Any, steps: list[str], root: type[Struct], found: list[FieldError]) -> None:
    """Convert part by part: msgspec itself stops at the first error."""
    if len(found) >= MAX_ERRORS:
        return
    try:
        msgspec.convert(value, kind)
        return
    except ValidationError as error:
        text = str(error)
    before = len(found)
    for part, inner, step in _parts(value, kind):
        _collect(part, inner, [*steps, step], root, found)
    if isinstance(value, dict) and (struct := _struct_of(kind)) is not None:
        fields = {field.encode_name: field for field in msgspec.structs.fields(struct)}
        names = list(value) if struct.__struct_config__.forbid_unknown_fields else []
        for name in names:
            if name not in fields and len(found) < MAX_ERRORS:
                detail = f"Unknown field `{name}`; expected one of {', '.join(fields)}"
                found.append(_of_body([*steps, name], "unknown", detail))
        for name, field in fields.items():
            if field.required and name not in value:
                found.append(_of_body(steps, "missing", f"Missing field `{name}`"))
    del found[MAX_ERRORS:]
    if len(found) == before:
        message, further, of_key = _split(text)
        place = [*steps, *further]
        detail = message if of_key else _detail(message, place, root, "field")
        found.append(_of_body([step for step in place if step != "..."], _code(message), detail))


def _parts(value: Any, kind: Any) -> Iterator[tuple[Any, Any, str]]:
    """The parts of a value with their types and the steps to them."""
    for alternative in _alternatives(kind):
        origin, inner = get_origin(alternative), get_args(alternative)
        if isinstance(value, list) and origin is list:
            yield from ((part, inner[0], str(number)) for number, part in enumerate(value))
        elif isinstance(value, dict) and origin is dict:
            yield from ((part, inner[1], name) for name, part in value.items())
    if isinstance(value, dict) and (struct := _struct_of(kind)) is not None:
        for field in msgspec.structs.fields(struct):
            if field.encode_name in value:
                yield value[field.encode_name], _without_unset(field.type), field.encode_name


def _struct_of(kind: Any) -> type[Struct] | None:
    structs = [one for one in _alternatives(kind) if isinstance(one, type) and issubclass(one, Struct)]
    return structs[0] if len(structs) == 1 else None


def _alternatives(kind: Any) -> Iterator[Any]:
    origin = get_origin(kind)
    if origin is Annotated:
        yield from _alternatives(get_args(kind)[0])
    elif origin in (Union, UnionType):
        for part in get_args(kind):
            yield from _alternatives(part)
    else:
        yield kind


def _without_unset(kind: Any) -> Any:
    """The type without UNSET, which only a field may be."""
    if get_origin(kind) not in (Union, UnionType):
        return kind
    return Union[tuple(part for part in get_args(kind) if part is not UnsetType)]  # noqa: UP007


def _of_body(steps: Sequence[str], code: str, detail: str) -> FieldError:
    escaped = (quote(step.replace("~", "~0").replace("/", "~1"), safe=_IN_FRAGMENT) for step in steps)
    return FieldError(pointer="/".join(("#", *escaped)), parameter=None, code=code, detail=detail)


def _split(text: str) -> tuple[str, list[str], bool]:
    """The message, the steps to its place, and whether it is about a key there."""
    message, _, place = text.rpartition(" - at ")
    found = _PLACE.fullmatch(place)
    if found is None:
        return text, [], False
    return message, [name or index for name, index in _STEP.findall(found[2])], found[1] is not None


def _detail(message: str, steps: list[str], root: type[Struct], noun: str) -> str:
    """The message in JSON terms with the allowed values; unchanged if the place is unknown."""
    expected = expected_at(root, steps)
    if expected is None:
        return message
    got = _GOT.search(message)
    if got is None:
        return f"Expected {expected}"
    return f"Expected {expected}, got {_JSON.get(got[1], got[1]) if got[1] else got[2]}"


def _code(message: str) -> str:
    return next((code for shape, code in _CODES if shape.match(message)), "invalid")
