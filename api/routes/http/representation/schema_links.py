"""Link headers to the JSON Schema of a response."""

from functools import cache
from typing import Any

from api.routes.http.admission.operation import operation_of
from api.routes.http.request.types import Headers, HttpRequest
from api.routes.http.response.answers import runtime_of
from api.routes.http.response.link_headers import SCHEMA, link, public_headers
from api.routes.http.response.schema_addresses import schema_address


def described_headers(request: HttpRequest, *links: str) -> Headers:
    """Like `public_headers`, with a link to the schema of the route's response."""
    runtime = runtime_of(request)
    schema = runtime.base_url + _described(request.route_handler)
    return public_headers(runtime, *links, link(schema, "describedby", SCHEMA))


@cache
def _described(handler: Any) -> str:
    """The link to the schema of the route's response."""
    operation = operation_of(handler)
    assert operation is not None, "public routes are in the OpenAPI document"
    return schema_address(operation.answer)
