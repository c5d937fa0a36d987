"""`fields` and `expand`: return fewer fields of an object, or add related objects."""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final, NamedTuple, TypeAlias

import msgspec
from msgspec import UNSET, Raw, Struct, inspect

from api.operations.stories.expand import MAX_EXPANSIONS, Kind, expand, possible_expansions
from api.routes.http.request.validation_errors import refuse_parameter
from api.runtime.runtime import Runtime
from api.storage.database.pool import Connection
from schemas.wire import encode_json

MAX_FIELDS: Final = 50
Tree: TypeAlias = dict[str, "Tree"]


class Shape(NamedTuple):
    """The requested fields (None: all) and expansions."""

    fields: Tree | None
    kind: Kind | None
    expansions: list[str]


def read_shape(query: Struct, item_type: type[Struct], kind: Kind | None) -> Shape | None:
    """The shape requested for objects of type `item_type`; None if unchanged.

    `kind` is None if nothing can be expanded. Raises InvalidRequest.
    """
    field_names, expansions = getattr(query, "fields", UNSET), getattr(query, "expand", UNSET)
    if field_names is UNSET and expansions is UNSET:
        return None
    fields = None if field_names is UNSET else _read_fields(field_names, item_type)
    return Shape(
        fields, kind, [] if kind is None or expansions is UNSET else _read_expansions(expansions, kind)
    )


async def expanded(
    connection: Connection, runtime: Runtime, objects: Sequence[dict[str, Any]], shape: Shape
) -> None:
    """Adds the expansions to each object."""
    if shape.kind is not None:
        await expand(connection, runtime, shape.kind, objects, shape.expansions, plain)


def part_of(value: dict[str, Any], shape: Shape) -> dict[str, Any]:
    """The object with only the requested fields and its expansions."""
    if shape.fields is None:
        return value
    part: dict[str, Any] = _only(value, shape.fields | {"expanded": {}})
    return part


def plain(value: Any) -> Any:
    """The served value as dictionaries and lists."""
    return msgspec.json.decode(value if isinstance(value, Raw) else encode_json(value))


def _read_fields(fields: str, item_type: type[Struct]) -> Tree:
    """The named fields as a tree; leaves are complete. Raises InvalidRequest for unknown fields."""
    names = fields.split(",")
    if len(names) > MAX_FIELDS:
        raise refuse_parameter("fields", "too_long", f"At most {MAX_FIELDS} fields are allowed.")
    tree: Tree = {}
    for path in names:
        known, branch = _tree_of(item_type), tree
        for name in path.split("."):
            if name not in known:
                raise refuse_parameter("fields", "unknown", f"Unknown field {path!r}.")
            known, branch = known[name], branch.setdefault(name, {})
    return tree


def _read_expansions(expand: str, kind: Kind) -> list[str]:
    """The named expansions. Raises InvalidRequest for unknown ones, or too many."""
    names = list(dict.fromkeys(expand.split(",")))
    possible = possible_expansions(kind)
    for name in names:
        if name not in possible:
            detail = f"{name!r} cannot be expanded; expected one of {', '.join(possible)}."
            raise refuse_parameter("expand", "not_allowed", detail)
    if len(names) > MAX_EXPANSIONS:
        raise refuse_parameter("expand", "too_long", f"At most {MAX_EXPANSIONS} expansions are allowed.")
    return names


def _only(value: Any, tree: Tree) -> Any:
    """The part of a value selected by the tree; applied to each item of a list."""
    if not tree or value is None:
        return value
    if isinstance(value, list):
        return [_only(part, tree) for part in value]
    return {name: _only(value[name], branch) for name, branch in tree.items() if name in value}


@cache
def _tree_of(item_type: Any) -> Tree:
    return _branches(inspect.type_info(item_type), frozenset())


def _branches(kind: inspect.Type, above: frozenset[type]) -> Tree:
    """The fields below a type, through lists and optional types."""
    if isinstance(kind, inspect.StructType):
        if kind.cls in above:
            return {}
        return {field.encode_name: _branches(field.type, above | {kind.cls}) for field in kind.fields}
    if isinstance(kind, inspect.ListType):
        return _branches(kind.item_type, above)
    if isinstance(kind, inspect.UnionType):
        return {name: tree for part in kind.types for name, tree in _branches(part, above).items()}
    return {}
