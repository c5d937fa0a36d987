"""The taxonomy: types, tactics, bands and languages, versioned as a whole."""

import msgspec
from litestar.params import FromPath

from api.errors import NotFound
from api.routes.answers import TAXONOMY, Answer, HttpRequest, body_answer, runtime_of
from api.routes.operation import NoParameters, Operation, read
from api.routes.query import read_query
from schemas.taxonomy import Taxonomy, TaxonomyType


@read("/taxonomy", Operation(id="getTaxonomy", tag="taxonomy", answer=Taxonomy))
async def get_taxonomy(request: HttpRequest) -> Answer:
    """Get the whole taxonomy."""
    read_query(request, NoParameters)
    return _shipped(request, runtime_of(request).taxonomy)


@read(
    "/taxonomy/{code:str}",
    Operation(id="getTaxonomyType", tag="taxonomy", answer=TaxonomyType, errors=(NotFound,)),
)
async def get_taxonomy_type(request: HttpRequest, code: FromPath[str]) -> Answer:
    """Get one spin type with its tactics, by its code."""
    read_query(request, NoParameters)
    for entry in runtime_of(request).taxonomy.types:
        if entry.type == code:
            return _shipped(request, entry)
    raise NotFound("There is no such type.")


def _shipped(request: HttpRequest, value: Taxonomy | TaxonomyType) -> Answer:
    """What came with the package has not changed since the process began."""
    return body_answer(request, msgspec.json.encode(value), TAXONOMY, last_modified=request.app.state.began)


ROUTES = [get_taxonomy, get_taxonomy_type]
