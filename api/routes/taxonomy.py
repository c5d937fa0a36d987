"""The taxonomy: types, tactics, bands and languages, versioned as a whole."""

import msgspec
from litestar.params import FromPath

from api.errors import NotFound
from api.routes.answers import Answer, HttpRequest, runtime_of
from api.routes.operation import NoParameters, Operation, read
from api.routes.query import read_query
from api.routes.shipped import shipped_answer
from schemas.taxonomy import Taxonomy, TaxonomyType


@read("/taxonomy", Operation(id="getTaxonomy", tag="taxonomy", answer=Taxonomy))
async def get_taxonomy(request: HttpRequest) -> Answer:
    """Get the whole taxonomy."""
    read_query(request, NoParameters)
    taxonomy = runtime_of(request).taxonomy
    return shipped_answer(request, "taxonomy", lambda: msgspec.json.encode(taxonomy))


@read(
    "/taxonomy/{code:str}",
    Operation(id="getTaxonomyType", tag="taxonomy", answer=TaxonomyType, errors=(NotFound,)),
)
async def get_taxonomy_type(request: HttpRequest, code: FromPath[str]) -> Answer:
    """Get one spin type with its tactics, by its code."""
    read_query(request, NoParameters)
    found = next((entry for entry in runtime_of(request).taxonomy.types if entry.type == code), None)
    if found is None:
        raise NotFound("There is no such type.")
    return shipped_answer(request, f"taxonomy/{code}", lambda: msgspec.json.encode(found))


ROUTES = [get_taxonomy, get_taxonomy_type]
