"""The package's own data: JSON files beside the modules, decoded into typed structs once a process."""

from importlib.resources import files
from typing import TypeVar

import msgspec

T = TypeVar("T")


def data_file(name: str, shape: type[T]) -> T:
    """The file at the path `name` of `api.analysis`. Raises msgspec.ValidationError if it is not of the shape."""
    return msgspec.json.decode((files("api.analysis") / name).read_bytes(), type=shape)
