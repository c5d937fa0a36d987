"""Schemathesis hooks: fill most paths with existing ids, and check refusals.

UNSPUN_TEST_KNOWN contains the ids as JSON.
"""

import json
import os
import re
from typing import Any, Final

import schemathesis
from schemathesis.specs.openapi.coverage import _schema as coverage

from tests.contract.known import filled

# Drawing a text of 4,000 characters by a pattern takes minutes; above this length schemathesis uses a plain one,
# if it matches.
coverage.MAX_GENERATED_PATTERN_LENGTH = 500  # type: ignore[attr-defined]  # no setting says it

_KNOWN: Final[dict[str, list[str]]] = json.loads(os.environ["UNSPUN_TEST_KNOWN"])
# An operation that ends an object gets an unneeded one, or none.
_ENDING: Final = {
    *("cancelAnalysis", "decideAppeal", "deleteFeed", "deleteWebhook", "disableWebhook", "eraseDraft"),
    *("retractStory", "revokeKey", "rotateKey"),
}
# JSON Schema cannot express that a field belongs to the object, that a predicate is CEL, that two parameters
# belong together, or which sources there are.
_MEANT: Final = {
    *("after", "against", "as_of", "before", "budget", "by", "cursor", "expand", "fields", "Last-Event-ID"),
    *(
        "created_after",
        "max_score",
        "min_score",
        "published_after",
        "published_before",
        "q",
        "since",
        "sort",
        "source",
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
# JSON Schema accepts 8145.0, and numbers of any size, as an integer, and U+0000 in any string; excluding it would
# need a pattern for each string of the contract.
_NOT_OURS: Final = ("got a number with a fraction", "contains U+0000")


@schemathesis.hook
def before_load_schema(context: Any, raw_schema: dict[str, Any]) -> None:
    """OpenAPI 3.1 cannot describe a single event of a stream, so the document describes the stream as text.

    Schemathesis takes the schema for that of each event, so replace it by an event's.
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
    """Shorten long polls."""
    if query and isinstance(query.get("wait"), int) and 0 < query["wait"] <= 30:
        query["wait"] = 0
    return query


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Remove `fields`: a partial object lacks required members."""
    if case.query:
        case.query.pop("fields", None)


@schemathesis.check
def refuses_only_what_no_schema_can_say(context: Any, response: Any, case: Any) -> None:
    """A valid request may be refused as invalid only for values that no schema can exclude."""
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
    """Every error is a problem document with a documented type, and never a server error."""
    if response.status_code < 400 or case.method == "HEAD":
        return
    assert response.headers["content-type"] == ["application/problem+json"], response.headers["content-type"]
    problem = response.json()
    assert problem["status"] == response.status_code
    assert response.headers["x-request-id"] == [problem["request_id"]]
