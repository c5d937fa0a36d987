"""The OpenAPI 3.1 document, generated from the routes.

Litestar's generator documents errors in its own format instead of problem+json, and ignores the query structs
and HEAD. This one uses msgspec's schemas, which describe what the encoder writes.
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
from api.routes.http.request.bodies import may_be_empty
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
    "summary": "Submit a URL; get a versioned verdict on the framing of its story, with evidence.",
    "description": (
        "Objects always have all their keys: null means that the engine cannot fill the field, an empty list "
        "that it found nothing. Clients must accept new values in enumerations. Times are RFC 3339 in UTC. Spans "
        "count Unicode code points of the analysed text, identified by the verdict's `text_sha256`. Every error "
        "is a problem detail (RFC 9457), documented at its `type` or at the `Link` with `rel=help`.\n\n"
        "Calls cost units of a quota, per key or else per address. A read, or looking up ten URLs, costs 1; an "
        "analysis or a change of a webhook endpoint 10; a batch, a preview or a recovery of events 100. A 304 "
        "with a key is free. `RateLimit-Policy` gives the policies, `RateLimit` the remaining units `r` and the "
        "seconds `t` until `r` rises. `RateLimit` is omitted while quotas cannot be counted."
    ),
    "license": {"name": "Apache License 2.0", "identifier": "Apache-2.0"},
    "contact": {"name": "The operator of this service"},
}
_TAGS = {
    "stories": "Analysed articles, with their current verdicts.",
    "verdicts": "Immutable versions of a story's assessment.",
    "claims": "The checkable sentences of stories.",
    "taxonomy": "Spin types, tactics and bands.",
    "sources": "Publishers.",
    "feeds": "Feeds of sources, and the state of polling them.",
    "entities": "Named things in stories.",
    "analyses": "Submissions and their results.",
    "appeals": "Objections to verdicts, and their outcome.",
    "events": "The event log: paging, long polling, streaming and webhooks.",
    "webhooks": "Endpoints that receive events, and their deliveries.",
    "exports": "All public data as files.",
    "keys": "API keys: create, rotate, revoke.",
    "usage": "Remaining quotas.",
    "problems": "Explanations of errors.",
    "service": "Health and description of the service.",
    "vocabulary": "The service's JSON-LD vocabulary.",
    "crawling": "Entry points for crawlers and feed readers.",
}
# The description and an example of each.
_PATH_PARAMETERS = {
    "story": ("Id or slug of the story.", "brightwater-reshapes-its-harbour-team-0f6nh4c8"),
    "verdict": ("Id of the verdict.", example_id("verdict")),
    "claim": ("Id of the claim.", example_id("claim")),
    "source": ("Id or slug of the source.", "brightwater"),
    "feed": ("Id of the feed.", example_id("feed")),
    "entity": ("Id of the entity.", example_id("entity")),
    "export": ("Id of the export, or `latest`.", example_id("export")),
    "part": ("Name of the file in the manifest.", "stories-0001.ndjson.gz"),
    "code": ("Code of the type, such as `cushion`.", "cushion"),
    "tactic": ("Code of the tactic, such as `job_loss_softening`.", "job_loss_softening"),
    "analysis": ("Id of the analysis.", example_id("analysis")),
    "appeal": ("Id of the appeal.", example_id("appeal")),
    "key": ("Id of the key.", example_id("key")),
    "delivery": ("Id of the delivery.", example_id("delivery")),
    "webhook": ("Id of the webhook endpoint.", example_id("endpoint")),
    "sitemap": ("Name of the file in /sitemap.xml.", "2026-11.xml"),
    "page": ("Name of the page in the guide's index.", "errors"),
    "schema": ("Name of a file in /schemas.", "story.json"),
    "slug": ("Last part of the problem's `type`.", "not-found"),
}
_PREFER: dict[str, Any] = {
    "name": "Prefer",
    "in": "header",
    "description": "`wait=N` (at most 30 seconds) waits for the result; `respond-async` never waits.",
    "schema": {"type": "string"},
}
_IDEMPOTENCY_KEY: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": (
        "Makes the request safe to retry: a repeated request returns the first response, with "
        "`Idempotency-Replayed: true`. With or without double quotes; valid for at least 24 hours."
    ),
    "schema": {"type": "string", "pattern": KEY_PATTERN},
    "example": '"8e03978e-40d5-43dd-bc93-6894a57f9324"',
}
_IF_MATCH: dict[str, Any] = {
    "name": "If-Match",
    "in": "header",
    "description": "ETag of the expected state; returns 412 if the state differs.",
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
    shared = shared_responses()
    return {
        "openapi": "3.1.0",
        "info": _INFO | {"version": version("unspun")},
        "servers": [{"url": "/", "description": "This service."}],
        "externalDocs": {"url": "/guide", "description": "The guide, with examples."},
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
            "responses": shared,
            "headers": header_components(paths, shared),
            "securitySchemes": {
                "bearerAuth": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API key (`unspun_live_...`), in the Authorization header only.",
                }
            },
        },
    }


def openapi_text(document: Mapping[str, Any]) -> str:
    """The document as committed and printed."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def openapi_yaml(document: Mapping[str, Any]) -> str:
    """The document as YAML, in the same order and without anchors. Takes a quarter of a second; cached."""
    text: str = yaml.dump(document, Dumper=_NoAliasDumper, sort_keys=False, allow_unicode=True, width=110)
    return text


class _NoAliasDumper(yaml.CSafeDumper):  # type: ignore[misc]  # PyYAML ships no types
    """A dumper without anchors, which not every OpenAPI reader supports."""

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
    ends = operation.deprecated.notice() if operation.deprecated else ""
    notice = [ends, description.strip(), _forms(path, operation), _key_needed(operation.scope)]
    if any(notice):
        entry["description"] = "\n\n".join(filter(None, notice))
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
            "required": not may_be_empty(operation.body),
            "content": {"application/json": {"schema": reference_to(operation.body), "examples": examples}},
        }
    entry["responses"] = responses_of(path, operation, method, links_of(operation, known))
    entry["security"] = [{"bearerAuth": []}] if operation.scope else []
    return entry


def _forms(path: str, operation: Operation) -> str:
    if len(operation.forms) < 2:
        return ""
    if path == "/":
        types = ", ".join(f"`{form.media_type}`" for form in operation.forms)
        return f"Choose the format with `Accept`: {types}."
    suffixes = ", ".join(f"`.{form}`" for form in operation.forms)
    return f"Choose the format with `Accept` or a URL suffix: {suffixes}."


def _key_needed(scope: str | None) -> str:
    if scope is None:
        return ""
    return "Requires a key." if scope == ANY_SCOPE else f"Requires a key with the scope `{scope}`."
