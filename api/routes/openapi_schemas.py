"""Schemas of the OpenAPI document: what msgspec says of the structs, in the words of the contract."""

import inspect
import json
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec
from msgspec import Struct

_REF = "#/components/schemas/{name}"
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")  # between two words of a name
_GENERIC = re.compile(r"\bPage_(\w+?)_(?=\")")  # msgspec's name of Page[Story]


def schemas_of(
    answers: Sequence[Any], bodies: Sequence[type[Struct]], queries: Sequence[type[Struct]]
) -> dict[str, Any]:
    """The components that these types need; a query's own struct is none, since parameters stand one by one."""
    references, components = msgspec.json.schema_components([*answers, *bodies, *queries], ref_template=_REF)
    # two structs of one name have their modules in the names of their components
    named = [reference["$ref"].rpartition("/")[2] if "$ref" in reference else "" for reference in references]
    inputs = set(named[len(answers) : len(answers) + len(bodies)])
    left_out = set(named[len(answers) + len(bodies) :])
    kept = {
        name: _served(schema, is_input=name in inputs)
        for name, schema in components.items()
        if name not in left_out
    }
    renamed: dict[str, Any] = _renamed(kept)
    for name, schema in renamed.items():
        schema["title"] = name
    return renamed


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
    (reference,), _ = msgspec.json.schema_components([answer], ref_template=_REF)
    address: str = _renamed(reference)["$ref"]
    return address


def parameters_of(query: type[Struct]) -> list[dict[str, Any]]:
    """The fields of a query struct as parameters."""
    _, components = msgspec.json.schema_components([query], ref_template=_REF)
    own = components[query.__name__]
    parameters = []
    for name, schema in own["properties"].items():
        parameter: dict[str, Any] = {"name": name, "in": "query", "required": name in own["required"]}
        described = (
            schema if "description" in schema else components.get(schema.get("$ref", "").split("/")[-1], {})
        )
        if "description" in described:
            parameter["description"] = inspect.cleandoc(described["description"])
        schema.pop("description", None)
        if "examples" in schema:  # where every reader of OpenAPI looks for one
            parameter["example"], *_ = schema.pop("examples")
        parameters.append(parameter | {"schema": schema})
    return parameters


def _served(schema: dict[str, Any], *, is_input: bool) -> dict[str, Any]:
    """The schema with the contract's rules that msgspec cannot know.

    What is served holds every key; what may be left out of an input is not required, and null as a default says
    no more than that; a field with one value is a constant; a field that ends in `_at` is a time.
    """
    if "description" in schema:
        schema["description"] = inspect.cleandoc(schema["description"])
    properties = schema.get("properties", {})
    for name, field in properties.items():
        if not is_input or field.get("default", ...) is None:
            field.pop("default", None)
        if len(field.get("enum", ())) == 1:
            field["const"] = field.pop("enum")[0]
        if name.endswith("_at"):
            for form in field.get("anyOf", [field]):
                if form.get("type") == "string":
                    form["format"] = "date-time"
    if properties and not is_input:
        schema["required"] = list(properties)
    pairs: dict[str, Any] = _as_lists(schema)
    return pairs


def _as_lists(value: Any) -> Any:
    """A tuple of one kind of items as a list of so many: generators of clients stop at `items: false`."""
    if isinstance(value, list):
        return [_as_lists(item) for item in value]
    if not isinstance(value, dict):
        return value
    found = {name: _as_lists(item) for name, item in value.items()}
    kinds = found.get("prefixItems", [])
    if kinds and all(kind == kinds[0] for kind in kinds):
        del found["prefixItems"]
        found["items"] = kinds[0]
    return found


def _renamed(value: Any) -> Any:
    return json.loads(_GENERIC.sub(r"\1Page", json.dumps(value)))
