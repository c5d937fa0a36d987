"""Changes one field of an object: a format that stays the same does not show the field."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
from msgspec import Struct


def field_paths(kind: type[Struct]) -> Iterator[str]:
    """Every leaf field, such as `deck` or `claims.spans.start`, except those with one possible value."""
    for field in msgspec.structs.fields(kind):
        inner, _ = _inner(field.type)
        if isinstance(inner, type) and issubclass(inner, Struct):
            yield from (f"{field.name}.{path}" for path in field_paths(inner))
        elif get_origin(inner) is not Literal:
            yield field.name


def said_otherwise(value: Any, path: str) -> list[Any]:
    """The object with other values of the field, in every entry of a list; none if a parent is null."""
    name, _, rest = path.partition(".")
    return [
        msgspec.structs.replace(value, **{name: other})
        for other in _others(getattr(value, name), rest, _may_be_null(type(value), name))
    ]


def _others(old: Any, rest: str, nullable: bool) -> list[Any]:
    if rest and old is not None:
        if not isinstance(old, list):
            return said_otherwise(old, rest)
        return [
            list(entries) for entries in zip(*(said_otherwise(entry, rest) for entry in old), strict=True)
        ]
    if rest or old is None:
        return []
    return [*_other_values(old), *([None] if nullable else [])]


def _other_values(old: Any) -> list[Any]:
    match old:
        case bool():
            return [not old]
        case StrEnum():
            return [member for member in type(old) if member is not old]
        case str():
            return [f"{old}x", f"x{old}"]
        case int():
            return [old + 50]  # large enough for every rounding
        case float():
            return [old / 2]
        case datetime():
            return [old + timedelta(days=1)]
        case dict():
            return [{}, {key: _other_values(value)[0] for key, value in old.items()}]
        case list():
            return [[], [_other_values(entry)[0] for entry in old]]
        case tuple():
            return [tuple(_other_values(entry)[0] for entry in old)]
    raise TypeError(f"no other value of {old!r} is known")


def _inner(hint: Any) -> tuple[Any, bool]:
    """The type of a field's values or entries, and whether it may be null."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _inner(parts[0])
    if origin in (Union, UnionType):
        inner, _ = _inner(next(part for part in parts if part is not NoneType))
        return inner, NoneType in parts
    if origin is list:
        return _inner(parts[0])[0], False
    return hint, False


def _may_be_null(kind: type[Struct], name: str) -> bool:
    return next(_inner(field.type)[1] for field in msgspec.structs.fields(kind) if field.name == name)
