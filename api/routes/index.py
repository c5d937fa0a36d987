"""The bare address: where everything is."""

from importlib.metadata import version

import msgspec

from api.routes.answers import TAXONOMY, Answer, HttpRequest, body_answer, runtime_of
from api.routes.operation import NoParameters, Operation, read
from api.routes.query import read_query
from schemas.index import Index

_PATHS = {
    "stories": "/v1/stories",
    "claims": "/v1/claims",
    "sources": "/v1/sources",
    "taxonomy": "/v1/taxonomy",
    "lookup": "/v1/lookup?url=",
    "analyses": "/v1/analyses",
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
    return body_answer(request, msgspec.json.encode(index), TAXONOMY, last_modified=request.app.state.began)


ROUTES = [get_index]
