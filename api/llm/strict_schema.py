"""JSON Schemas of msgspec structs in the subset that servers of language models enforce.

`msgspec.json.schema` is not in it: its root is a reference, objects are open, fields with a default are not
required, enumerations have no type. Here everything is inlined, every field is required, objects are closed.
There are two variants: with bounds (lengths and ranges) for local grammars, under which small models fill strings
and lists until the tokens run out; without bounds for hosted servers, some of which refuse these keywords.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct

# Limits of OpenAI's strict mode.
MAX_DEPTH: Final = 10
MAX_ENUM_VALUES: Final = 1_000
# llama.cpp refuses grammars with nested strings of 2,000 characters or more.
MAX_STRING: Final = 1_999

_BOUNDS: Final = ("minItems", "maxItems", "minLength", "maxLength", "minimum", "maximum")
_TYPES: Final[Mapping[type, str]] = {str: "string", bool: "boolean", int: "integer", float: "number"}

Schema = dict[str, Any]


class UnsupportedType(Exception):
    """A type that has no schema in the subset. An error in our code, not in an answer."""


class Bounds(Struct, frozen=True, kw_only=True):
    """Bounds of strings (characters) and arrays (items) for which the type has none."""

    max_string: int = 400
    max_items: int = 12


def strict_schema(kind: type, *, bounds: Bounds | None) -> Schema:
    """The schema of a struct, with all fields in the struct's order.

    A description of a field stays; a struct's docstring, written for readers of the code, does not. Patterns,
    formats and `uniqueItems` are removed. Raises UnsupportedType for dicts, tuples, `Any` and recursive structs,
    for structs nested more than `MAX_DEPTH` deep, and for more than `MAX_ENUM_VALUES` values of enumerations.
    """
    source = msgspec.json.schema(kind)
    definitions = source.get("$defs", {})
    schema = _inlined(source, definitions, bounds, ())
    if schema.get("type") != "object":
        raise UnsupportedType(f"{kind.__name__} is not an object.")
    if (count := _enum_values(schema)) > MAX_ENUM_VALUES:
        raise UnsupportedType(f"{kind.__name__} has {count} values of enumerations.")
    return schema


def _inlined(
    node: Schema, definitions: Mapping[str, Schema], bounds: Bounds | None, inside: tuple[str, ...]
) -> Schema:
    """The node in the subset; `inside` are the names of the definitions around it."""
    if reference := node.get("$ref"):
        name = str(reference).rpartition("/")[2]
        if name in inside:
            raise UnsupportedType(f"{name} contains itself.")
        defined = {key: value for key, value in definitions[name].items() if key != "description"}
        result = _inlined(defined, definitions, bounds, (*inside, name))
    elif "anyOf" in node:
        result = {
            "anyOf": [
                part for option in node["anyOf"] for part in _options(option, definitions, bounds, inside)
            ]
        }
    elif "enum" in node:
        result = _enumeration(node["enum"])
    elif node.get("type") == "object":
        result = _object(node, definitions, bounds, inside)
    elif node.get("type") == "array":
        if "prefixItems" in node or not isinstance(node.get("items"), dict) or not node["items"]:
            raise UnsupportedType("An array must have items of one type.")
        result = {"type": "array", "items": _inlined(node["items"], definitions, bounds, inside)}
    elif node.get("type") in (*_TYPES.values(), "null"):
        result = {"type": node["type"]}
    else:
        raise UnsupportedType(f"No schema for {node}.")
    if "description" in node:
        result = {"description": node["description"], **result}
    if bounds is not None:
        result |= {name: node[name] for name in _BOUNDS if name in node}
        if result.get("type") == "array":
            result.setdefault("maxItems", bounds.max_items)
        elif result.get("type") == "string" and "enum" not in result:
            result["maxLength"] = min(result.get("maxLength", bounds.max_string), MAX_STRING)
    return result


def _options(
    node: Schema, definitions: Mapping[str, Schema], bounds: Bounds | None, inside: tuple[str, ...]
) -> list[Schema]:
    """The options of a union; those of a union within it too, such as of tagged structs or None."""
    option = _inlined(node, definitions, bounds, inside)
    return list(option["anyOf"]) if "anyOf" in option else [option]


def _object(
    node: Schema, definitions: Mapping[str, Schema], bounds: Bounds | None, inside: tuple[str, ...]
) -> Schema:
    properties = node.get("properties", {})
    if not properties or isinstance(node.get("additionalProperties"), dict):
        raise UnsupportedType("A dict has no closed schema; use a list of structs.")
    if len(inside) > MAX_DEPTH:
        raise UnsupportedType(f"Structs are nested more than {MAX_DEPTH} deep.")
    return {
        "type": "object",
        "properties": {
            name: _inlined(part, definitions, bounds, inside) for name, part in properties.items()
        },
        "required": list(properties),
        "additionalProperties": False,
    }


def _enumeration(values: list[Any]) -> Schema:
    """An enumeration with its type. None among the values becomes an option of its own: not all servers read
    lists of types."""
    given = [value for value in values if value is not None]
    types = {type(value) for value in given}
    if len(types) != 1 or not types <= _TYPES.keys():
        raise UnsupportedType(f"An enumeration must have values of one type: {values}.")
    typed = {"type": _TYPES[types.pop()], "enum": given}
    return typed if len(given) == len(values) else {"anyOf": [typed, {"type": "null"}]}


def _enum_values(node: Any) -> int:
    if isinstance(node, dict):
        own = len(node["enum"]) if isinstance(node.get("enum"), list) else 0
        return own + sum(map(_enum_values, node.values()))
    return sum(map(_enum_values, node)) if isinstance(node, list) else 0


def conforms(value: Any, schema: Schema) -> bool:
    """Whether decoded JSON matches a schema of this module. Tells a schema that a server ignored from bounds that
    were not sent."""
    if "anyOf" in schema:
        return any(conforms(value, option) for option in schema["anyOf"])
    if "enum" in schema:
        return any(value == allowed and type(value) is type(allowed) for allowed in schema["enum"])
    match schema["type"]:
        case "object":
            properties = schema["properties"]
            return (
                isinstance(value, dict)
                and value.keys() == properties.keys()
                and all(conforms(part, properties[name]) for name, part in value.items())
            )
        case "array":
            return (
                isinstance(value, list)
                and _within(len(value), schema, "minItems", "maxItems")
                and all(conforms(item, schema["items"]) for item in value)
            )
        case "string":
            return isinstance(value, str) and _within(len(value), schema, "minLength", "maxLength")
        case "integer":
            whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
            return whole and not isinstance(value, bool) and _within(value, schema, "minimum", "maximum")
        case "number":
            numeric = isinstance(value, int | float) and not isinstance(value, bool)
            return numeric and _within(value, schema, "minimum", "maximum")
        case "boolean":
            return isinstance(value, bool)
        case _:
            return value is None


def _within(number: float, schema: Schema, lowest: str, highest: str) -> bool:
    return bool(schema.get(lowest, number) <= number <= schema.get(highest, number))
