"""JSON Schemas (2020-12) of all API objects, each at its own URL."""

import re
from collections.abc import Iterable
from typing import Any, Final

import msgspec
from litestar.params import FromPath
from litestar.routes import BaseRoute
from msgspec import Struct

from api.errors import NotFound
from api.routes.http.admission.operation import NoParameters, Operation, read
from api.routes.http.request.query import read_query
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import Answer, runtime_of
from api.routes.http.response.link_headers import SCHEMA
from api.routes.http.response.schema_addresses import file_name
from api.routes.http.response.static_documents import static_answer
from api.routes.openapi.openapi import openapi_document
from api.routes.openapi.openapi_schemas import schemas_of
from schemas import tools
from schemas.exports import EXPORTED
from schemas.schemas import SchemaIndex

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_REFERENCE: Final = re.compile(r"#/components/schemas/(\w+)")


def all_schemas(routes: Iterable[BaseRoute], base_url: str) -> dict[str, dict[str, Any]]:
    """All schemas by file name, with `$id`; they reference each other by file name."""
    document = openapi_document(routes)
    served = [*EXPORTED.values(), *_of_tools(taken=False)]
    found = {**schemas_of(served, _of_tools(taken=True), []), **document["components"]["schemas"]}
    return {
        file_name(name): {
            "$schema": DIALECT,
            "$id": f"{base_url}/schemas/{file_name(name)}.json",
            **_referring(schema),
        }
        for name, schema in found.items()
    }


@read("/schemas", Operation(id="listSchemas", tag="service", answer=SchemaIndex))
async def list_schemas(request: HttpRequest) -> Answer:
    """List the URLs of the JSON Schemas of all requests and responses."""
    read_query(request, NoParameters)
    base_url = runtime_of(request).base_url

    def make() -> bytes:
        names = sorted(all_schemas(request.app.routes, base_url))
        return msgspec.json.encode(SchemaIndex(schemas={n: f"{base_url}/schemas/{n}.json" for n in names}))

    return static_answer(request, "schemas", make)


@read(
    "/schemas/{schema:str}",
    Operation(id="getSchema", tag="service", answer=None, media_type=SCHEMA, errors=(NotFound,)),
)
async def get_schema(request: HttpRequest, schema: FromPath[str]) -> Answer:
    """Get the JSON Schema of one object, at the URL in its `$id`.

    Within a major API version schemas only gain fields and enumeration values.
    """
    read_query(request, NoParameters)
    state, base_url = request.app.state, runtime_of(request).base_url
    schemas_by_name: dict[str, dict[str, Any]] = state.schemas
    if not schemas_by_name:
        schemas_by_name.update(all_schemas(request.app.routes, base_url))
    name = schema.removesuffix(".json")
    if name == schema or name not in schemas_by_name:
        raise NotFound("There is no such schema; see /schemas.")
    return static_answer(
        request,
        f"schema {name}",
        lambda: msgspec.json.encode(schemas_by_name[name]),
        content_type=SCHEMA.encode(),
    )


def _of_tools(*, taken: bool) -> list[type[Struct]]:
    """The argument and result types of MCP tools, which are not in the OpenAPI document."""
    return [
        kind
        for kind in vars(tools).values()
        if isinstance(kind, type)
        and issubclass(kind, Struct)
        and kind.__module__ == tools.__name__
        and kind.__struct_config__.forbid_unknown_fields is taken
    ]


def _referring(schema: dict[str, Any]) -> dict[str, Any]:
    text = msgspec.json.encode(schema).decode()
    referring: dict[str, Any] = msgspec.json.decode(
        _REFERENCE.sub(lambda found: f"{file_name(found[1])}.json", text)
    )
    return referring


ROUTES = [list_schemas, get_schema]
