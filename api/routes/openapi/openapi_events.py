"""The `webhooks` section of the OpenAPI document: what is sent to endpoints, one entry an event type."""

import json
from typing import Any, Final

from api.routes.http.response.schema_addresses import reference_to
from schemas.event_types import EVENT_KINDS, EventKind, example_of
from schemas.events import Event
from schemas.wire import encode_json

_HEADERS: Final = {
    "webhook-id": "The event's id, the same whenever the event is sent again: handle each id once.",
    "webhook-timestamp": "Seconds of the epoch at which this attempt was made.",
    "webhook-signature": (
        "`v1,` and base64 of HMAC-SHA256 over id, timestamp and body, as Standard Webhooks has it; "
        "several, parted by spaces, while a secret is being replaced."
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
            "2XX": {"description": "The event is taken. Every other answer is a failure, and tried again."},
            "410": {"description": "The endpoint wants nothing more, and is disabled."},
        },
        "security": [],  # it is signed; no key of ours goes to an endpoint
    }
