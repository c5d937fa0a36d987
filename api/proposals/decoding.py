"""Decodes an answer: a bad item is dropped and counted, a bad answer refused.

One wrong label in forty items would cost the whole answer if the answer were decoded at once.
"""

from typing import Any, Final, Generic, TypeVar, get_args, get_origin

import msgspec
from msgspec import NODEFAULT, Raw, Struct, structs

MAX_BYTES: Final = 400_000  # an answer of 4,000 tokens has 20,000
MAX_ITEMS: Final = 60  # of one list; further ones are dropped unread
_FAILURES: Final = (msgspec.MsgspecError, ValueError, RecursionError)

Answer = TypeVar("Answer", bound=Struct)


class MalformedAnswer(Exception):
    """The answer is no JSON object with the required fields."""


class Decoded(Struct, Generic[Answer], kw_only=True, frozen=True):
    """An answer, and how many of its items were left out because they have another shape, or are too many."""

    answer: Answer
    malformed: int
    too_many: int


def decode_answer(data: bytes, shape: type[Answer]) -> Decoded[Answer]:
    """Decode JSON in UTF-8 of at most 400,000 bytes. Raises MalformedAnswer.

    Numbers in strings count as numbers; unknown fields are ignored. A list that is no list is one bad item.
    """
    if len(data) > MAX_BYTES:
        raise MalformedAnswer(f"{len(data)} bytes")
    try:
        given = msgspec.json.decode(data, type=dict[str, Raw])
    except _FAILURES as error:
        raise MalformedAnswer(type(error).__name__) from error
    values: dict[str, Any] = {}
    malformed = too_many = 0
    for field in structs.fields(shape):
        raw = given.get(field.name)
        if raw is None and field.required:
            raise MalformedAnswer(field.name)
        if get_origin(field.type) is list:
            (kind,) = get_args(field.type)
            found = [] if raw is None else _items(raw)
            items = [_decoded(item, kind) for item in (found or [])[:MAX_ITEMS]]
            values[field.name] = [item for item in items if item is not None]
            malformed += items.count(None) + (found is None)
            too_many += max(0, len(found or []) - MAX_ITEMS)
        else:
            value = None if raw is None else _decoded(raw, field.type)
            if value is None and field.required:
                raise MalformedAnswer(field.name)
            malformed += value is None and raw is not None and bytes(raw).strip() != b"null"
            values[field.name] = value if value is not None or field.default is NODEFAULT else field.default
    return Decoded(answer=shape(**values), malformed=malformed, too_many=too_many)


def _items(raw: Raw) -> list[Raw] | None:
    """The undecoded items of a list; None for any other value."""
    if bytes(raw).strip() == b"null":
        return []
    try:
        return msgspec.json.decode(raw, type=list[Raw])
    except _FAILURES:
        return None


def _decoded(raw: Raw, kind: Any) -> Any:
    """The value; None if it has another shape."""
    try:
        return msgspec.json.decode(raw, type=kind, strict=False)
    except _FAILURES:
        return None
