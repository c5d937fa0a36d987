"""Where the JSON Schema of an answer stands, and the name of its component in the OpenAPI document."""

import json
import re
from functools import cache
from typing import Any

import msgspec

SCHEMA_REF = "#/components/schemas/{name}"
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")  # between two words of a name
_GENERIC = re.compile(r"\bPage_(\w+?)_(?=\")")  # msgspec's name of Page[Story]


def file_name(name: str) -> str:
    """The name under which a struct's schema is served: `StoryRow` is `story-row`."""
    return _HUMP.sub("-", name).lower()


def schema_address(answer: Any) -> str:
    """Where the schema of what is answered stands, on this service."""
    return f"/schemas/{file_name(_address_of(answer).rpartition('/')[2])}.json"


def reference_to(answer: Any) -> dict[str, Any]:
    """The reference to a type's component."""
    return {"$ref": _address_of(answer)}


@cache
def _address_of(answer: Any) -> str:
    # msgspec walks the whole type for it: milliseconds, and the document asks a thousand times
    (reference,), _ = msgspec.json.schema_components([answer], ref_template=SCHEMA_REF)
    address: str = renamed(reference)["$ref"]
    return address


def renamed(value: Any) -> Any:
    """The same JSON value, generic components under names of their own: `StoryPage`."""
    return json.loads(_GENERIC.sub(r"\1Page", json.dumps(value)))
