"""Schemas of the OpenAPI document: msgspec's schemas with the rules of the contract."""

import inspect
from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct

from api.routes.http.response.schema_addresses import SCHEMA_REF, renamed


def schemas_of(
    answers: Sequence[Any], bodies: Sequence[type[Struct]], queries: Sequence[type[Struct]]
) -> dict[str, Any]:
    """The components for these types. Query structs become parameters instead."""
    references, components = msgspec.json.schema_components(
        [*answers, *bodies, *queries], ref_template=SCHEMA_REF
    )
    # structs with the same name get their module as a prefix
    named = [reference["$ref"].rpartition("/")[2] if "$ref" in reference else "" for reference in references]
    inputs = set(named[len(answers) : len(answers) + len(bodies)])
    left_out = set(named[len(answers) + len(bodies) :])
    kept = {
        name: _served(schema, is_input=name in inputs)
        for name, schema in components.items()
        if name not in left_out
    }
    schemas: dict[str, Any] = renamed(kept)
    for name, schema in schemas.items():
        schema["title"] = name
    return schemas


def parameters_of(query: type[Struct]) -> list[dict[str, Any]]:
    """The fields of a query struct as parameters."""
    _, components = msgspec.json.schema_components([query], ref_template=SCHEMA_REF)
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
        if "examples" in schema:  # all OpenAPI readers support `example`
            parameter["example"], *_ = schema.pop("examples")
        parameters.append(parameter | {"schema": schema})
    return parameters


def _served(schema: dict[str, Any], *, is_input: bool) -> dict[str, Any]:
    """The schema with the contract's rules that msgspec does not know.

    Response objects have all keys; optional input fields are not required, and a null default is implied; a
    field with one value is a constant.
    """
    if "description" in schema:
        schema["description"] = inspect.cleandoc(schema["description"])
    properties = schema.get("properties", {})
    for field in properties.values():
        if not is_input or field.get("default", ...) is None:
            field.pop("default", None)
        if len(field.get("enum", ())) == 1:
            field["const"] = field.pop("enum")[0]
    if properties and not is_input:
        schema["required"] = list(properties)
    pairs: dict[str, Any] = _as_lists(schema)
    return pairs


def _as_lists(value: Any) -> Any:
    """Converts a homogeneous tuple to a list of fixed length: client generators fail on `items: false`."""
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
