"""Loaded by schemathesis: fills most paths with what exists, and looks closer at refusals.

What exists stands in UNSPUN_TEST_KNOWN, as JSON.
"""

import json
import os
import re
from typing import Any, Final

import schemathesis
from schemathesis.specs.openapi.coverage import _schema as coverage

from tests.contract.known import filled

# A text of exactly 4,000 characters that match a pattern takes minutes where each is drawn by itself; above this
# length schemathesis takes a plain one, if it matches.
coverage.MAX_GENERATED_PATTERN_LENGTH = 500  # type: ignore[attr-defined]  # no setting says it

_KNOWN: Final[dict[str, list[str]]] = json.loads(os.environ["UNSPUN_TEST_KNOWN"])
# What ends an object gets one that nothing else needs, or none.
_ENDING: Final = {
    *("cancelAnalysis", "decideAppeal", "deleteFeed", "deleteWebhook", "disableWebhook", "eraseDraft"),
    *("retractStory", "revokeKey", "rotateKey"),
}
# A document can say which characters a value has. That a field is one of the object, that a predicate is CEL,
# that two parameters go together, it cannot.
_MEANT: Final = {
    *("after", "against", "as_of", "before", "budget", "by", "cursor", "expand", "fields", "Last-Event-ID"),
    *(
        "max_score",
        "published_after",
        "published_before",
        "q",
        "since",
        "sort",
        "tactic",
        "until",
        "url",
        "vertical",
    ),
}
_AN_ITEM: Final = re.compile(r"/[0-9]+$")
_MEANT_IN_BODIES: Final = {
    *(
        "#",
        "#/account_name",
        "#/callback",
        "#/domains",
        "#/expires_at",
        "#/headers",
        "#/max_age",
        "#/networks",
        "#/predicate",
    ),
    *("#/reply", "#/reply_by", "#/source", "#/source_type", "#/title", "#/url"),
}
# JSON Schema takes 8145.0, and a number of any size, for an integer. U+0000 is in any of its strings; to say
# otherwise, each string of the contract would need a pattern.
_NOT_OURS: Final = ("got a number with a fraction", "holds U+0000")


@schemathesis.hook
def before_load_schema(context: Any, raw_schema: dict[str, Any]) -> None:
    """OpenAPI 3.1 has no word for one event of a stream, so the document says that the whole is text.

    Schemathesis takes the schema for that of each event, and is told what one is.
    """
    answers = raw_schema["paths"]["/v1/events/stream"]["get"]["responses"]
    fields = {name: {"type": "string"} for name in ("id", "event", "data")}
    answers["200"]["content"]["text/event-stream"]["schema"] = {
        "type": "object", "properties": fields, "required": ["id"], "additionalProperties": False,
    }  # fmt: skip


@schemathesis.hook
def map_path_parameters(context: Any, path_parameters: dict[str, Any] | None) -> dict[str, Any] | None:
    if not path_parameters:
        return path_parameters
    operation = context.operation.definition.raw.get("operationId")
    known = {f"{name}": ids for name, ids in _KNOWN.items() if not name.startswith("spare ")}
    if operation in _ENDING:
        known = {name: _KNOWN.get(f"spare {name}", []) for name in known}
    return filled(path_parameters, known)


@schemathesis.hook
def map_query(context: Any, query: dict[str, Any] | None) -> dict[str, Any] | None:
    """Long polls last a moment."""
    if query and isinstance(query.get("wait"), int) and 0 < query["wait"] <= 30:
        query["wait"] = 0
    return query


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """No `fields`, whichever phase they are from: a part of an object lacks what its schema requires."""
    if case.query:
        case.query.pop("fields", None)


@schemathesis.check
def refuses_only_what_no_schema_can_say(context: Any, response: Any, case: Any) -> None:
    """Of what its document allows, a call refuses as unreadable only values whose meaning is wrong."""
    if response.status_code != 400 or case.meta is None or not case.meta.generation.mode.is_positive:
        return
    problem = response.json()
    if problem["type"].endswith("/invalid-cursor"):
        return
    assert problem["errors"], f"refused without a place: {problem['detail']}"
    for error in problem["errors"]:
        place = error["parameter"] if error["pointer"] is None else error["pointer"]
        meant = place in _MEANT if error["pointer"] is None else _AN_ITEM.sub("", place) in _MEANT_IN_BODIES
        known = meant or any(words in error["detail"] for words in _NOT_OURS)
        assert known, f"the document allows what is refused: {error}"


@schemathesis.check
def answers_errors_as_problems(context: Any, response: Any, case: Any) -> None:
    """Whatever was sent: an error is a problem document whose type is explained, and never one of ours."""
    if response.status_code < 400 or case.method == "HEAD":
        return
    assert response.headers["content-type"] == ["application/problem+json"], response.headers["content-type"]
    problem = response.json()
    assert problem["status"] == response.status_code
    assert response.headers["x-request-id"] == [problem["request_id"]]
