"""Event types with schemas and examples; also under `webhooks` in the OpenAPI document."""

from typing import Any

import msgspec

from api.rendering.forms import JSON_ALONE
from api.routes.http.admission.operation import NoParameters, Operation, read
from api.routes.http.request.negotiation import VARY, form_of
from api.routes.http.request.query import read_query
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import Answer
from api.routes.http.response.static_documents import static_answer
from schemas.event_types import EVENT_KINDS, EventKind, EventTypeInfo, example_of
from schemas.lists import Page
from schemas.wire import encode_json


@read(
    "/event-types",
    Operation(id="listEventTypes", tag="events", answer=Page[EventTypeInfo], forms=JSON_ALONE),
)
async def list_event_types(request: HttpRequest) -> Answer:
    """List every event type with the JSON Schema of its `data` and an example, on one page."""
    read_query(request, NoParameters)
    page = Page(
        url="/v1/event-types", data=[_info(kind) for kind in EVENT_KINDS], has_more=False, next_cursor=None
    )
    return static_answer(
        request,
        "event-types",
        lambda: encode_json(page),
        vary=VARY,
        form=form_of(request.scope, JSON_ALONE),
        forms=JSON_ALONE,
    )


def _info(kind: EventKind) -> EventTypeInfo:
    return EventTypeInfo(
        type=kind.type,
        description=kind.description,
        private=kind.private,
        data_schema=data_schema(kind),
        example=example_of(kind),
    )


def data_schema(kind: EventKind) -> dict[str, Any]:
    """The JSON Schema (2020-12) of the type's `data`."""
    schema = msgspec.json.schema(type(kind.data))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


ROUTES = [list_event_types]
