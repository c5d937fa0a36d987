"""JSON Schemas: where they are."""

from typing import Literal

from msgspec import Struct


class SchemaIndex(Struct, kw_only=True, frozen=True):
    """The address of each JSON Schema by its name."""

    object: Literal["schema_index"] = "schema_index"
    schemas: dict[str, str]
