"""The JSON Schema of an answer, in the subset that servers of language models share.

The root is an object; every field is required and may be null instead of absent; no other fields are allowed. No
pattern, format or default. The bounded variant caps strings and lists, since small models under a grammar fill
lists without a cap until the tokens run out; strict hosted servers get the other one.
"""

from typing import Any, Final

import msgspec
from msgspec import Struct

MAX_STRING: Final = 400  # characters, in the bounded variant
MAX_LIST: Final = 12
_LEFT_OUT: Final = ("title", "description", "default")


def answer_schema(shape: type[Struct], *, bounded: bool = False) -> dict[str, Any]:
    """The schema of `shape` with all definitions inlined."""
    (root,), definitions = msgspec.json.schema_components([shape], ref_template="{name}")
    found: dict[str, Any] = _portable(root, definitions, bounded)
    return found


def _portable(node: Any, definitions: dict[str, Any], bounded: bool) -> Any:
    if "$ref" in node:
        return _portable(definitions[node["$ref"]], definitions, bounded)
    if "anyOf" in node:
        kinds = [_portable(kind, definitions, bounded) for kind in node["anyOf"]]
        return {"anyOf": sorted(kinds, key=lambda kind: bool(kind.get("type") == "null"))}
    kept = {key: value for key, value in node.items() if key not in _LEFT_OUT}
    if "enum" in kept:
        return {"type": "string", "enum": kept["enum"]}
    if kept.get("type") == "object":
        fields = {name: _portable(value, definitions, bounded) for name, value in kept["properties"].items()}
        return {
            "type": "object",
            "properties": fields,
            "required": list(fields),
            "additionalProperties": False,
        }
    if kept.get("type") == "array":
        kept["items"] = _portable(kept["items"], definitions, bounded)
        return kept | ({"maxItems": MAX_LIST} if bounded else {})
    return kept | ({"maxLength": MAX_STRING} if bounded and kept.get("type") == "string" else {})
