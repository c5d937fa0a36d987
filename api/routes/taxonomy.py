"""The taxonomy: types, tactics, bands and languages, versioned as a whole."""

from litestar.params import FromPath

from api.errors import NotFound
from api.rendering.forms import OBJECT_FORMS
from api.rendering.represent import represent_taxonomy, represent_type
from api.routes.answers import Answer, HttpRequest, runtime_of
from api.routes.links import object_headers
from api.routes.negotiation import VARY, form_of
from api.routes.operation import NoParameters, Operation, read
from api.routes.query import read_query
from api.routes.shipped import shipped_answer
from schemas.taxonomy import Taxonomy, TaxonomyType


@read("/taxonomy", Operation(id="getTaxonomy", tag="taxonomy", answer=Taxonomy, forms=OBJECT_FORMS))
async def get_taxonomy(request: HttpRequest) -> Answer:
    """Get the whole taxonomy."""
    read_query(request, NoParameters)
    runtime, form = runtime_of(request), form_of(request.scope, OBJECT_FORMS)
    site = runtime.site
    return shipped_answer(
        request,
        f"taxonomy.{form}",
        lambda: represent_taxonomy(form, site.taxonomy, site),
        content_type=form.content_type,
        more=object_headers(runtime, "taxonomy", None, form),
        vary=VARY,
        form=form,
        forms=OBJECT_FORMS,
    )


@read(
    "/taxonomy/{code:str}",
    Operation(
        id="getTaxonomyType", tag="taxonomy", answer=TaxonomyType, errors=(NotFound,), forms=OBJECT_FORMS
    ),
)
async def get_taxonomy_type(request: HttpRequest, code: FromPath[str]) -> Answer:
    """Get one spin type with its tactics, by its code."""
    read_query(request, NoParameters)
    runtime, form = runtime_of(request), form_of(request.scope, OBJECT_FORMS)
    site = runtime.site
    found = next((entry for entry in site.taxonomy.types if entry.type == code), None)
    if found is None:
        raise NotFound("There is no such type.")
    return shipped_answer(
        request,
        f"taxonomy/{code}.{form}",
        lambda: represent_type(form, found, site),
        content_type=form.content_type,
        more=object_headers(runtime, "taxonomy", code, form),
        vary=VARY,
        form=form,
        forms=OBJECT_FORMS,
    )


ROUTES = [get_taxonomy, get_taxonomy_type]
