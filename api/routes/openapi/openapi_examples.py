"""Examples of the OpenAPI document, generated from the types, so that every type has one.

Lists have one entry, nested lists none, to keep examples short.
"""

import types
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Final, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct

from api.errors import ApiError, NotAcceptable, QuotaExceeded
from api.routes.http.response.problem_types import explanations
from api.runtime.problem_details import problem_type

# Values by field name; `words` for all other fields.
_TEXTS: Final[Mapping[str, str]] = {
    "actor": "workers affected",
    "author": "Ada Quillfeather",
    "by": "Brightwater Ferries",
    "category": "transport",
    "content_type": "application/json",
    "created_at": "2026-11-20T09:30:00.000Z",
    "currency": "EUR",
    "data": "Brightwater",
    "deck": "Forty roles at a ferry operator are called impacted, and nobody of the forty is heard.",
    "detail": "There is nothing at this URL.",
    "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "domain": "brightwater.example",
    "domains": "brightwater.example",
    "email": "desk@brightwater.example",
    "engine": "rules",
    "explanation": "The word is the name of the turbine's maker.",
    "extractor": "trafilatura 2.3.1, unspun 2",
    "feeds": "https://brightwater.example/feed.xml",
    "finding": "f1",
    "finding_ids": "f1",
    "format": "unspun-export/1",
    "host": "news.brightwater.example",
    "ip": "192.0.2.7",
    "keywords": "ferries",
    "label": "Loss told as efficiency",
    "looked_for": "what those who lose their roles are paid",
    "language": "en",
    "languages": "en",
    "last_four": "x7Qz",
    "license": "https://creativecommons.org/licenses/by/4.0/",
    "method": "rules_and_weights",
    "name": "Brightwater Ferries",
    "normalized_url": "https://news.brightwater.example/2026/turbine",
    "object": "stories",
    "origin": "https://unspun.example",
    "pointer": "#/url",
    "predicate": 'spin.primary == "hype" && spin.score >= 70',
    "q": "ferries",
    "quote": "40 roles would be impacted",
    "prefix": "Brightwater Ferries said that ",
    "reason": "gone",
    "rule": "efficiency_framing",
    "service_version": "0.2.0",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "slug": "brightwater-reshapes-its-harbour-team-0f6nh4c8",
    "source": "Brightwater Ferries",
    "statement": "The figure has its base in the table that the page shows beside the text.",
    "suffix": ", and thanked",
    "subject": "Brightwater Ferries",
    "tactic": "efficiency_framing",
    "taxonomy_version": "2026-11",
    "taxonomy_versions": "2026-11",
    "term": "reshapes",
    "text": "Brightwater Ferries said that 40 roles would be impacted.",
    "text_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "input_digest": "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
    "title": "Brightwater reshapes its harbour team",
    "type": "organization",
    "url": "https://news.brightwater.example/2026/turbine",
    "urls": "https://news.brightwater.example/2026/turbine",
    "version": "0.10.0",
    "vertical": "transport",
    "words": "40 roles would be impacted",
}
_BODY: Final = "01kcfa3v7tfyp8q2n9d4x6h0rz"
_PREFIXES: Final[Mapping[str, str]] = {
    "account": "acc", "analysis": "ana", "appeal": "apl", "attempt": "att", "claim": "clm", "delivery": "dlv",
    "endpoint": "whe", "webhook_endpoint": "whe", "entity": "ent", "event": "evt", "export": "exp", "feed": "fed",
    "key": "key", "source": "src", "story": "sty", "verdict": "vrd",
}  # fmt: skip
_FALSE: Final = frozenset({"satire"})  # the example already has the type
_MOMENT: Final = "2026-11-20T09:30:00.000Z"
# Additional fields of special problems.
_MORE: Final[Mapping[type[ApiError], dict[str, Any]]] = {
    QuotaExceeded: {"violated-policies": ["burst"]},
    NotAcceptable: {"available": ["application/json", "text/markdown"]},
}
_DEPTH: Final = 2  # of nested structs; below, lists are empty and optional values null


def example_id(noun: str) -> str:
    """An example id of that kind of object."""
    return f"{_PREFIXES[noun]}_{_BODY}"


def example_of(kind: Any) -> Any:
    """An example response of this type, as JSON."""
    return _value(kind, "", "", {}, 0)


def problem_examples(errors: Mapping[str, type[ApiError]]) -> dict[str, Any]:
    """One problem per error class, by slug."""
    registry = explanations()
    return {
        slug: {"summary": error.title, "value": _problem(error, registry[slug].meaning)}
        for slug, error in sorted(errors.items())
    }


def _problem(error: type[ApiError], meaning: str) -> dict[str, Any]:
    request = "8e03978e-40d5-43dd-bc93-6894a57f9324"
    return {
        "type": problem_type(error, "https://unspun.example"),
        "title": error.title,
        "status": error.status,
        "detail": meaning,
        "instance": f"urn:uuid:{request}",
        "request_id": request,
        "errors": [],
        "tombstone": None,
        "code": error.slug,
        **_MORE.get(error, {}),
    }


def _struct(kind: Any, bound: Mapping[Any, Any], depth: int) -> dict[str, Any]:
    hints = get_type_hints(kind, include_extras=True)
    owner = _owner(hints)
    return {
        shown: _value(hints[name], name, owner, bound, depth)
        for name, shown in zip(kind.__struct_fields__, kind.__struct_encode_fields__, strict=True)
    }


def _owner(hints: Mapping[str, Any]) -> str:
    """The value of the type's `object` field."""
    named = get_args(hints.get("object"))
    return named[0] if named else ""


def _value(hint: Any, name: str, owner: str, bound: Mapping[Any, Any], depth: int) -> Any:
    origin, arguments = get_origin(hint), get_args(hint)
    if isinstance(hint, TypeVar):
        return _value(bound[hint], name, owner, bound, depth)
    if origin is Annotated:
        return _value(arguments[0], name, owner, bound, depth)
    if origin in (Union, types.UnionType):
        filled = next(part for part in arguments if part is not type(None) and part is not msgspec.UnsetType)
        is_long = depth >= _DEPTH and not _is_plain(filled)
        return None if is_long and type(None) in arguments else _value(filled, name, owner, bound, depth)
    if origin is Literal:
        return arguments[0]
    if origin is list:
        return [] if depth >= _DEPTH else [_value(arguments[0], name, owner, bound, depth)]
    if origin is dict:
        return {}
    if origin is not None and issubclass(origin, Struct):  # a page
        return _struct(origin, dict(zip(origin.__parameters__, arguments, strict=True)), depth)
    if hint is str:
        return _text(name, owner)
    plain = {bool: name not in _FALSE, int: 12, float: 0.5, datetime: _MOMENT, Any: {}}
    if hint in plain:
        return plain[hint]
    if issubclass(hint, StrEnum):
        return next(iter(hint)).value
    return _struct(hint, {}, depth + 1)


def _is_plain(hint: Any) -> bool:
    if get_origin(hint) is Annotated:
        return _is_plain(get_args(hint)[0])
    return hint in (str, bool, int, float, datetime) or (isinstance(hint, type) and issubclass(hint, StrEnum))


def _text(name: str, owner: str) -> str:
    noun = owner if name == "id" else name.removesuffix("_id").removesuffix("_ids")
    if (name == "id" or name.endswith(("_id", "_ids"))) and noun in _PREFIXES:
        return example_id(noun)
    if name.endswith("_at"):
        return _MOMENT
    return _TEXTS.get(name, "what the text states")
