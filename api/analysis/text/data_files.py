"""JSON data files of the package, decoded into typed structs."""

from importlib.resources import files
from typing import TypeVar

import msgspec

T = TypeVar("T")


def data_file(name: str, shape: type[T]) -> T:
    """Decode the file at `name` in `api.analysis`. Raises msgspec.ValidationError if it does not fit `shape`."""
    return msgspec.json.decode((files("api.analysis") / name).read_bytes(), type=shape)
