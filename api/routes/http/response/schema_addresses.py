"""URLs of JSON Schemas, and names of components in the OpenAPI document."""

import json
import re
from functools import cache
from typing import Any

import msgspec

SCHEMA_REF = "#/components/schemas/{name}"
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")  # between two words
_GENERIC = re.compile(r"\bPage_(\w+?)_(?=\")")  # msgspec's name of Page[Story]


def file_name(name: str) -> str:
    """The file name of a struct's schema: `StoryRow` is `story-row`."""
    return _HUMP.sub("-", name).lower()


def schema_address(answer: Any) -> str:
    """The URL of the response's schema on this service."""
    return f"/schemas/{file_name(_address_of(answer).rpartition('/')[2])}.json"


def reference_to(answer: Any) -> dict[str, Any]:
    """The reference to a type's component."""
    return {"$ref": _address_of(answer)}


@cache
def _address_of(answer: Any) -> str:
    # msgspec takes milliseconds per type, and the document needs a thousand references
    (reference,), _ = msgspec.json.schema_components([answer], ref_template=SCHEMA_REF)
    address: str = renamed(reference)["$ref"]
    return address


def renamed(value: Any) -> Any:
    """The same JSON value with renamed generic components, such as `StoryPage`."""
    return json.loads(_GENERIC.sub(r"\1Page", json.dumps(value)))
