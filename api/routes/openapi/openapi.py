"""The OpenAPI 3.1 document, made from the routes themselves.

Litestar can make one too; it documents errors in its own form, not as problem+json, and knows neither the query
structs nor HEAD. msgspec's schemas say what the encoder really writes, so the document is built from those.
"""

import inspect
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from typing import Any

import yaml
from litestar.handlers import HTTPRouteHandler
from litestar.routes import BaseRoute, HTTPRoute

from api.routes.http.admission.authentication import ANY_SCOPE
from api.routes.http.admission.idempotency import KEY_PATTERN
from api.routes.http.admission.operation import NoParameters, Operation, operation_of
from api.routes.http.response.schema_addresses import reference_to
from api.routes.openapi.openapi_events import event_webhooks
from api.routes.openapi.openapi_examples import example_id, example_of, problem_examples
from api.routes.openapi.openapi_headers import header_components
from api.routes.openapi.openapi_links import Described, links_of
from api.routes.openapi.openapi_responses import OF_ALL, errors_of, name_of, responses_of, shared_responses
from api.routes.openapi.openapi_schemas import parameters_of, schemas_of
from schemas.event_types import EVENT_KINDS
from schemas.events import Event
from schemas.problems import NotAcceptableProblem, Problem, QuotaProblem

_INFO = {
    "title": "Unspun",
    "summary": "A URL goes in; a grounded, versioned verdict on the framing of its story comes out.",
    "description": (
        "Keys of objects are never left out: null means that the engine cannot fill the field, an empty list "
        "that it found none. Closed lists may grow: clients must accept values that are not listed here. Times "
        "are RFC 3339 in UTC. Spans count Unicode code points of the analysed text, which the verdict's "
        "`text_sha256` names. Every error is a problem detail (RFC 9457); its `type`, or the `Link` with "
        "`rel=help` beside it, leads to the explanation.\n\n"
        "Calls cost units of a quota, the key's or else the address's: a read 1, as ten URLs that are looked "
        "up at once, an analysis and a change of a webhook endpoint 10, a batch, a preview of a subscription and "
        "a recovery of events 100, and with a key an answer 304 nothing. `RateLimit-Policy` names the policies, "
        "`RateLimit` what is left: `r` units, and `t` "
        "seconds until there are more. It is left out where nobody can count at the moment."
    ),
    "license": {"name": "Apache License 2.0", "identifier": "Apache-2.0"},
    "contact": {"name": "The operator of this service"},
}
_TAGS = {
    "stories": "What was read at one address, with its current verdict.",
    "verdicts": "Immutable versions of what is said of a story's framing.",
    "claims": "The checkable sentences of stories.",
    "taxonomy": "Spin types, tactics and bands.",
    "sources": "Publishers.",
    "feeds": "Where sources announce their stories, and how asking goes.",
    "entities": "Named things that stories speak of.",
    "analyses": "Submissions, and what became of them.",
    "appeals": "What is held against verdicts, and what came of it.",
    "events": "What happened, in order: read, waited for, streamed, or sent to webhook endpoints.",
    "webhooks": "Endpoints to which events are sent, and what became of each delivery.",
    "exports": "Everything public as files.",
    "keys": "Keys of the API: made, replaced, revoked.",
    "usage": "What a key has left of its quotas.",
    "problems": "What errors mean.",
    "service": "The service about itself.",
    "vocabulary": "Our own words in JSON-LD.",
    "crawling": "Where crawlers and feed readers begin.",
}
# What fills each, and an example.
_PATH_PARAMETERS = {
    "story": ("The story's id or slug.", "brightwater-reshapes-its-harbour-team-0f6nh4c8"),
    "verdict": ("The verdict's id.", example_id("verdict")),
    "claim": ("The claim's id.", example_id("claim")),
    "source": ("The source's id or slug.", "brightwater"),
    "feed": ("The feed's id.", example_id("feed")),
    "entity": ("The entity's id.", example_id("entity")),
    "export": ("The export's id.", example_id("export")),
    "part": ("The file's name, as the manifest has it.", "stories-0001.ndjson.gz"),
    "code": ("The type's code, such as `cushion`.", "cushion"),
    "tactic": ("The tactic's code, such as `job_loss_softening`.", "job_loss_softening"),
    "analysis": ("The analysis's id.", example_id("analysis")),
    "appeal": ("The appeal's id.", example_id("appeal")),
    "key": ("The key's id.", example_id("key")),
    "delivery": ("The delivery's id.", example_id("delivery")),
    "webhook": ("The webhook endpoint's id.", example_id("endpoint")),
    "sitemap": ("The name of the file, as /sitemap.xml gives it.", "2026-11.xml"),
    "page": ("The page's name, as the guide's index links it.", "errors"),
    "schema": ("The name of a file of /schemas.", "story.json"),
    "slug": ("The last part of a problem's `type`.", "not-found"),
}
_PREFER: dict[str, Any] = {
    "name": "Prefer",
    "in": "header",
    "description": "`wait=N` (at most 30 seconds) waits for the end; `respond-async` never does.",
    "schema": {"type": "string"},
}
_IDEMPOTENCY_KEY: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": (
        "Names this request, so that sending it again has no second effect: the first answer comes again, with "
        "`Idempotency-Replayed: true`. In double quotes or bare; kept for 24 hours at least."
    ),
    "schema": {"type": "string", "pattern": KEY_PATTERN},
    "example": '"8e03978e-40d5-43dd-bc93-6894a57f9324"',
}
_IF_MATCH: dict[str, Any] = {
    "name": "If-Match",
    "in": "header",
    "description": "The ETag of the state that is meant; another state is refused with 412.",
    "schema": {"type": "string"},
}
_EVENTS: tuple[Any, ...] = (Event, *(type(kind.data) for kind in EVENT_KINDS))


def openapi_document(routes: Iterable[BaseRoute]) -> dict[str, Any]:
    """The document of these routes. Equal routes give an equal document."""
    found = sorted(_operations(routes), key=lambda entry: (entry[0], entry[2].id))
    known = [Described(path, _method(handler), operation) for path, handler, operation in found]
    answers = [operation.answer for _, _, operation in found if operation.answer is not None]
    schemas = schemas_of(
        [Problem, QuotaProblem, NotAcceptableProblem, *_EVENTS, *answers],
        [o.body for _, _, o in found if o.body is not None],
        [o.query for _, _, o in found],
    )
    paths: dict[str, dict[str, Any]] = defaultdict(dict)
    for path, handler, operation in found:
        method = _method(handler)
        paths[path][method] = _operation(path, method, handler, operation, known)
    return {
        "openapi": "3.1.0",
        "info": _INFO | {"version": version("unspun")},
        "servers": [{"url": "/", "description": "This service."}],
        "externalDocs": {"url": "/guide", "description": "The guide, with examples to copy."},
        "tags": [{"name": name, "description": text} for name, text in _TAGS.items()],
        "paths": dict(paths),
        "webhooks": event_webhooks(),
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "examples": {
                **{name_of(answer): {"value": example_of(answer)} for answer in answers},
                **problem_examples(
                    {
                        error.slug: error
                        for path, handler, operation in found
                        for error in (*OF_ALL, *errors_of(path, operation, _method(handler)))
                    }
                ),
            },
            "responses": shared_responses(),
            "headers": header_components(paths),
            "securitySchemes": {
                "bearerAuth": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A key of the form `unspun_live_...`, in the header Authorization only.",
                }
            },
        },
    }


def openapi_text(document: Mapping[str, Any]) -> str:
    """The document as it is committed and printed."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def openapi_yaml(document: Mapping[str, Any]) -> str:
    """The same as YAML, in its order and without anchors; a quarter of a second, so once a process."""
    text: str = yaml.dump(document, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=110)
    return text


class _Plain(yaml.CSafeDumper):  # type: ignore[misc]  # PyYAML ships no types
    """What is written twice stands there twice: not every reader of OpenAPI knows anchors."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _operations(routes: Iterable[BaseRoute]) -> Iterable[tuple[str, HTTPRouteHandler, Operation]]:
    for route in routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                operation = operation_of(handler)
                if operation is not None:
                    yield route.path_format, handler, operation


def _method(handler: HTTPRouteHandler) -> str:
    return "post" if "POST" in handler.http_methods else "get"


def _operation(
    path: str, method: str, handler: HTTPRouteHandler, operation: Operation, known: Sequence[Described]
) -> dict[str, Any]:
    summary, _, description = inspect.cleandoc(handler.fn.__doc__ or "").partition("\n")
    entry: dict[str, Any] = {
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": summary.removesuffix("."),
    }
    if operation.deprecated:
        entry["deprecated"] = True
    ends = operation.deprecated.said() if operation.deprecated else ""
    said = [ends, description.strip(), _forms(operation), _key_needed(operation.scope)]
    if any(said):
        entry["description"] = "\n\n".join(filter(None, said))
    parameters: list[dict[str, Any]] = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": text,
            "schema": {"type": "string"},
            "example": example,
        }
        for name, (text, example) in _PATH_PARAMETERS.items()
        if f"{{{name}}}" in path
    ]
    if operation.query is not NoParameters:
        parameters += parameters_of(operation.query)
    if operation.accepted:
        parameters.append(_PREFER)
    if operation.matched:
        parameters.append(_IF_MATCH)
    if method == "post" and not operation.question:
        parameters.append(_IDEMPOTENCY_KEY)
    if parameters:
        entry["parameters"] = parameters
    if operation.body is not None:
        examples = {name: {"value": value} for name, value in operation.examples.items()}
        entry["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": reference_to(operation.body), "examples": examples}},
        }
    entry["responses"] = responses_of(path, operation, method, links_of(operation, known))
    entry["security"] = [{"bearerAuth": []}] if operation.scope else []
    return entry


def _forms(operation: Operation) -> str:
    if len(operation.forms) < 2:
        return ""
    suffixes = ", ".join(f"`.{form}`" for form in operation.forms)
    return f"The form goes by `Accept`, or by a suffix of the address: {suffixes}."


def _key_needed(scope: str | None) -> str:
    if scope is None:
        return ""
    return "Needs a key." if scope == ANY_SCOPE else f"Needs a key with the scope `{scope}`."
