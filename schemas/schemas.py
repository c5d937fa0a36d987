"""The index of JSON Schemas."""

from typing import Literal

from msgspec import Struct


class SchemaIndex(Struct, kw_only=True, frozen=True):
    """The URL of each JSON Schema by name."""

    object: Literal["schema_index"] = "schema_index"
    schemas: dict[str, str]
