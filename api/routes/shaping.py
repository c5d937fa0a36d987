"""`fields` and `expand`: a client gets less of an object, or more around it, and never another shape unasked."""

from functools import cache
from typing import Any, Final, TypeAlias

import msgspec
from msgspec import Raw, Struct, inspect

from api.operations.expand import MAX_EXPANSIONS, Kind, possible_expansions
from api.routes.query import refuse_parameter
from schemas.wire import encode_json

MAX_FIELDS: Final = 50
Tree: TypeAlias = dict[str, "Tree"]


def read_fields(fields: str, shown: type[Struct]) -> Tree:
    """The fields named, as a tree whose leaves are whole. Raises InvalidRequest for one that `shown` has not."""
    names = fields.split(",")
    if len(names) > MAX_FIELDS:
        raise refuse_parameter("fields", "too_long", f"At most {MAX_FIELDS} fields can be named.")
    tree: Tree = {}
    for path in names:
        known, branch = _tree_of(shown), tree
        for name in path.split("."):
            if name not in known:
                raise refuse_parameter("fields", "unknown", f"There is no field {path!r} here.")
            known, branch = known[name], branch.setdefault(name, {})
    return tree


def read_expansions(expand: str, kind: Kind) -> list[str]:
    """The expansions named. Raises InvalidRequest for one that the kind of object has not, and for too many."""
    names = list(dict.fromkeys(expand.split(",")))
    possible = possible_expansions(kind)
    for name in names:
        if name not in possible:
            detail = f"{name!r} cannot be expanded here; possible are {', '.join(possible)}."
            raise refuse_parameter("expand", "not_allowed", detail)
    if len(names) > MAX_EXPANSIONS:
        raise refuse_parameter("expand", "too_long", f"At most {MAX_EXPANSIONS} can be expanded.")
    return names


def plain(value: Any) -> Any:
    """What is served, as dictionaries and lists."""
    return msgspec.json.decode(value if isinstance(value, Raw) else encode_json(value))


def only(value: Any, tree: Tree) -> Any:
    """The part of a served object that the tree names; of a list, of each of its objects."""
    if not tree or value is None:
        return value
    if isinstance(value, list):
        return [only(part, tree) for part in value]
    return {name: only(value[name], branch) for name, branch in tree.items() if name in value}


@cache
def _tree_of(shown: Any) -> Tree:
    return _branches(inspect.type_info(shown), frozenset())


def _branches(kind: inspect.Type, above: frozenset[type]) -> Tree:
    """The fields below a type, through lists and nulls."""
    if isinstance(kind, inspect.StructType):
        if kind.cls in above:
            return {}
        return {field.encode_name: _branches(field.type, above | {kind.cls}) for field in kind.fields}
    if isinstance(kind, inspect.ListType):
        return _branches(kind.item_type, above)
    if isinstance(kind, inspect.UnionType):
        return {name: tree for part in kind.types for name, tree in _branches(part, above).items()}
    return {}
