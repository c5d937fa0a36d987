"""Link headers of an answer that the contract describes: its JSON Schema, beside what leads on from all."""

from functools import cache
from typing import Any

from api.routes.http.admission.operation import operation_of
from api.routes.http.request.types import Headers, HttpRequest
from api.routes.http.response.answers import runtime_of
from api.routes.http.response.link_headers import SCHEMA, link, public_headers
from api.routes.http.response.schema_addresses import schema_address


def described_headers(request: HttpRequest, *links: str) -> Headers:
    """As `public_headers`, of a route whose answer is a struct."""
    runtime = runtime_of(request)
    schema = runtime.base_url + _described(request.route_handler)
    return public_headers(runtime, *links, link(schema, "describedby", SCHEMA))


@cache
def _described(handler: Any) -> str:
    """Where the schema of a route's answer stands."""
    operation = operation_of(handler)
    assert operation is not None, "what is public is part of the contract"
    return schema_address(operation.answer)
