"""The one way in which an object of the contract becomes JSON."""

from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import Struct

_encode = msgspec.json.Encoder().encode


def encode_json(value: Any) -> bytes:
    """`value` as JSON, with all times in UTC to the millisecond: `2026-01-02T03:04:05.000Z`.

    msgspec alone writes microseconds, or no fraction where it is zero. Equal values give equal bytes;
    `msgspec.Raw` inside stands as it is.
    """
    return _encode(_timed(value))


def rfc3339(at: datetime) -> str:
    """A time as everywhere in the contract: UTC, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _timed(value: Any) -> Any:
    if isinstance(value, Struct):
        names = zip(value.__struct_encode_fields__, value.__struct_fields__, strict=True)
        return {shown: _timed(getattr(value, name)) for shown, name in names}
    if isinstance(value, list | tuple):
        return [_timed(part) for part in value]
    if isinstance(value, dict):
        return {name: _timed(part) for name, part in value.items()}
    if isinstance(value, datetime):
        return rfc3339(value)
    return value
