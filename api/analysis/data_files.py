"""The package's own data: JSON files beside the modules, decoded into typed structs once a process."""

from importlib.resources import files
from typing import TypeVar

import msgspec

T = TypeVar("T")


def data_file(name: str, shape: type[T]) -> T:
    """The file `name` of this package as `shape`. Raises msgspec.ValidationError if it does not fit."""
    return msgspec.json.decode((files("api.analysis") / name).read_bytes(), type=shape)
