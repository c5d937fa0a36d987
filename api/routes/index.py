"""The bare address: where everything is."""

from importlib.metadata import version

import msgspec

from api.routes.answers import Answer, HttpRequest, runtime_of
from api.routes.operation import NoParameters, Operation, read
from api.routes.query import read_query
from api.routes.shipped import shipped_answer
from schemas.index import Index

_PATHS = {
    "stories": "/v1/stories",
    "claims": "/v1/claims",
    "sources": "/v1/sources",
    "taxonomy": "/v1/taxonomy",
    "lookup": "/v1/lookup?url=",
    "analyses": "/v1/analyses",
    "keys": "/v1/keys",
    "usage": "/v1/usage",
    "openapi": "/openapi.json",
    "docs": "/docs",
    "problems": "/problems",
}


@read("/", Operation(id="getIndex", tag="service", answer=Index))
async def get_index(request: HttpRequest) -> Answer:
    """Get the addresses of everything that can be asked for."""
    read_query(request, NoParameters)
    base_url = runtime_of(request).base_url
    links = {name: base_url + path for name, path in _PATHS.items()}
    index = Index(name="Unspun", version=version("unspun"), links=links)
    return shipped_answer(request, "index", lambda: msgspec.json.encode(index))


ROUTES = [get_index]
