"""Lists as CSV: columns from a struct, rows from JSON objects."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any, get_args, get_type_hints

import msgspec
from msgspec import Struct

# A spreadsheet reads a cell that begins with these as a formula; an apostrophe makes it text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# A terminal executes escape sequences: of control characters, cells have only tabs and line ends.
_CONTROLS = dict.fromkeys({*range(0x20), *range(0x7F, 0xA0)} - {ord(allowed) for allowed in "\t\n\r"})


def columns_of(kind: type[Struct]) -> list[str]:
    """One column per field; nested fields are columns like `source.name`."""
    return [".".join(path) for path in _paths(kind)]


def csv_rows(kind: type[Struct], objects: Iterable[bytes]) -> bytes:
    """Rows (RFC 4180) of JSON objects. A list is JSON in its cell, null an empty cell."""
    paths = list(_paths(kind))
    written = io.StringIO()
    writer = csv.writer(written)
    for body in objects:
        value = msgspec.json.decode(body)
        writer.writerow([_cell(_at(value, path)) for path in paths])
    return written.getvalue().encode()


def csv_head(kind: type[Struct]) -> bytes:
    """The header row."""
    return (",".join(columns_of(kind)) + "\r\n").encode()


def _paths(kind: type[Struct]) -> Iterator[tuple[str, ...]]:
    hints = get_type_hints(kind)
    for name, encoded in zip(kind.__struct_fields__, kind.__struct_encode_fields__, strict=True):
        inner = next((part for part in (hints[name], *get_args(hints[name])) if _is_struct(part)), None)
        if inner is None or getattr(hints[name], "__origin__", None) is list:
            yield (encoded,)
        else:
            yield from ((encoded, *path) for path in _paths(inner))


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Struct)


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        harmless = value.translate(_CONTROLS)
        return f"'{harmless}" if value.startswith(_FORMULA) or harmless.startswith(_FORMULA) else harmless
    return msgspec.json.encode(value).decode()
