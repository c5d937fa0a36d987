"""The `webhooks` section of the OpenAPI document: one entry per event type."""

import json
from typing import Any, Final

from api.routes.http.response.schema_addresses import reference_to
from schemas.event_types import EVENT_KINDS, EventKind, example_of
from schemas.events import Event
from schemas.wire import encode_json

_HEADERS: Final = {
    "webhook-id": "Id of the event, the same for every attempt. Process each id once.",
    "webhook-timestamp": "Time of this attempt, in seconds since the epoch.",
    "webhook-signature": (
        "`v1,` and the base64 HMAC-SHA256 of id, timestamp and body (Standard Webhooks); several, separated by "
        "spaces, while a secret is being rotated."
    ),
}


def event_webhooks() -> dict[str, Any]:
    return {kind.type.value: {"post": _webhook(kind)} for kind in EVENT_KINDS}


def _webhook(kind: EventKind) -> dict[str, Any]:
    name = kind.type.value.title().replace(".", "").replace("_", "")
    of_type = {
        "type": "object",
        "properties": {"type": {"const": kind.type.value}, "data": reference_to(type(kind.data))},
    }
    return {
        "operationId": f"on{name}",
        "tags": ["events"],
        "summary": kind.description.removesuffix("."),
        "parameters": [
            {
                "name": name,
                "in": "header",
                "required": True,
                "description": text,
                "schema": {"type": "string"},
            }
            for name, text in _HEADERS.items()
        ],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"allOf": [reference_to(Event), of_type]},
                    "examples": {"event": {"value": json.loads(encode_json(example_of(kind)))}},
                }
            },
        },
        "responses": {
            "2XX": {
                "description": "The event was accepted. Other responses count as failures and are retried."
            },
            "410": {"description": "Unsubscribes: the endpoint is disabled."},
        },
        "security": [],  # deliveries are signed instead
    }
