"""Descriptions of the values a request may contain, derived from the types it is decoded into."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Final

import msgspec.inspect as types
from msgspec import Meta, Struct

from schemas.appeals import FindingId
from schemas.ids import PREFIXES
from schemas.plain_text import LINE, PLAIN
from schemas.sources import Domain

_ID: Final = re.compile(r"\^([a-z]{3})_")
_TIME: Final = "an RFC 3339 time with an offset or Z, such as 2026-11-10T08:00:00Z"
LANGUAGE: Final = "^[a-z]{2}$"


def _pattern(text: Any) -> str:
    (meta,) = (part for part in text.__metadata__ if isinstance(part, Meta))
    return str(meta.pattern)


# Descriptions replace regular expressions in error messages. A test requires one for every pattern.
_PATTERNS: Final = {
    LANGUAGE: "an ISO 639-1 code, such as en",
    LINE: "a non-blank line of plain text without control characters",
    PLAIN: "non-blank plain text without control characters",
    _pattern(Domain): "a host name in lower case, such as news.example.org",
    _pattern(FindingId): "the id of a finding, such as f1",
}


def expected_at(root: type[Struct], steps: Sequence[str]) -> str | None:
    """A description of the value at `steps`; None if there is none.

    A step is a field name, an item index, or `...` for an unknown key.
    """
    places = _places(root, steps)
    words = [_words(place) for place in places]
    if not words or None in words:
        return None
    return " or ".join(dict.fromkeys(word for word in words if word))


def _places(root: type[Struct], steps: Sequence[str]) -> list[types.Type]:
    places = list(_alternatives(_info(root)))
    for step in steps:
        places = [inner for place in places for part in _inside(place, step) for inner in _alternatives(part)]
    return places


@cache
def _info(root: type[Struct]) -> types.Type:
    return types.type_info(root)


def _alternatives(place: types.Type) -> Iterator[types.Type]:
    if isinstance(place, types.Metadata):
        yield from _alternatives(place.type)
    elif isinstance(place, types.UnionType):
        for part in place.types:
            yield from _alternatives(part)
    else:
        yield place


def _inside(place: types.Type, step: str) -> Iterator[types.Type]:
    if isinstance(place, types.StructType):
        yield from (field.type for field in place.fields if field.encode_name == step)
    elif isinstance(place, types.CollectionType):
        yield place.item_type
    elif isinstance(place, types.DictType):
        yield place.value_type


def _words(place: types.Type) -> str | None:
    match place:
        case types.EnumType(cls=cls):
            return _one_of([member.value for member in cls])
        case types.LiteralType(values=values):
            return _one_of(values)
        case types.IntType():
            return "a whole number" + _range(place.ge, place.le)
        case types.FloatType():
            return "a number" + _range(place.ge, place.le)
        case types.StrType(pattern=None):
            return "a string" + _length(place.min_length, place.max_length, "character")
        case types.StrType(pattern=str(pattern)):
            return _text_of(pattern, place)
        case types.BoolType():
            return "true or false"
        case types.NoneType():
            return "null"
        case types.DateTimeType():
            return _TIME
        case types.CollectionType():
            return "a list" + _length(place.min_length, place.max_length, "item")
        case types.DictType():
            return "an object" + _length(place.min_length, place.max_length, "field")
        case types.StructType():
            return "an object"
    return None


def _one_of(values: Sequence[Any]) -> str:
    names = ", ".join(str(value) for value in values)
    return names if len(values) == 1 else f"one of {names}"


def _text_of(pattern: str, text: types.StrType) -> str | None:
    found = _ID.match(pattern)
    if found and found[1] in PREFIXES:
        return f"an id: {found[1]}_ and 26 digits or lower-case letters except i, l, o and u"
    words = _PATTERNS.get(pattern)
    return words and words + _length(text.min_length, text.max_length, "character")


def _range(low: float | None, high: float | None) -> str:
    if low is not None and high is not None:
        return f" from {low:,} to {high:,}"
    return f" of at least {low:,}" if low is not None else f" of at most {high:,}" if high is not None else ""


def _length(low: int | None, high: int | None, unit: str) -> str:
    def counted(number: int) -> str:
        return f"{number:,} {unit}{'' if number == 1 else 's'}"

    if low and high is not None:
        return f" of {low:,} to {counted(high)}"
    return (
        f" of at least {counted(low)}" if low else f" of at most {counted(high)}" if high is not None else ""
    )
