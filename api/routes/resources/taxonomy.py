"""The taxonomy: types, tactics, bands and languages under one version."""

from collections.abc import Callable
from datetime import datetime

from litestar.params import FromPath
from msgspec import UNSET

from api.errors import NotFound
from api.rendering.forms import OBJECT_FORMS, Form
from api.rendering.represent import represent_tactic, represent_taxonomy, represent_type
from api.rendering.site import Site
from api.routes.http.admission.operation import Operation, read
from api.routes.http.representation.representations import object_answer, object_body_answer
from api.routes.http.request.negotiation import form_of
from api.routes.http.request.object_parameters import BudgetQuery, read_object_query
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import STATIC, Answer, runtime_of
from api.routes.http.response.static_documents import static_document
from schemas.taxonomy import Tactic, Taxonomy, TaxonomyType


@read(
    "/taxonomy",
    Operation(id="getTaxonomy", tag="taxonomy", answer=Taxonomy, query=BudgetQuery, forms=OBJECT_FORMS),
)
async def get_taxonomy(request: HttpRequest) -> Answer:
    """Get the whole taxonomy."""
    site = runtime_of(request).site

    def represent(form: Form, budget: int | None) -> bytes:
        return represent_taxonomy(form, site.taxonomy, site, budget=budget)

    return _answer(request, None, represent)


@read(
    "/taxonomy/{code:str}",
    Operation(
        id="getTaxonomyType",
        tag="taxonomy",
        answer=TaxonomyType,
        query=BudgetQuery,
        errors=(NotFound,),
        forms=OBJECT_FORMS,
    ),
)
async def get_taxonomy_type(request: HttpRequest, code: FromPath[str]) -> Answer:
    """Get a spin type with its tactics, by code."""
    site = runtime_of(request).site
    entry = _type(site, code)

    def represent(form: Form, budget: int | None) -> bytes:
        return represent_type(form, entry, site, budget=budget)

    return _answer(request, code, represent)


@read(
    "/taxonomy/{code:str}/{tactic:str}",
    Operation(
        id="getTactic",
        tag="taxonomy",
        answer=Tactic,
        query=BudgetQuery,
        errors=(NotFound,),
        forms=OBJECT_FORMS,
    ),
)
async def get_tactic(request: HttpRequest, code: FromPath[str], tactic: FromPath[str]) -> Answer:
    """Get a tactic of a spin type, by the codes of both."""
    site = runtime_of(request).site
    entry = _type(site, code)
    found = next((one for one in entry.tactics if one.code == tactic), None)
    if found is None:
        raise NotFound("The type has no such tactic.")
    shown = found

    def represent(form: Form, budget: int | None) -> bytes:
        return represent_tactic(form, shown, entry, site, budget=budget)

    return _answer(request, f"{code}/{tactic}", represent)


def _type(site: Site, code: str) -> TaxonomyType:
    found = next((entry for entry in site.taxonomy.types if entry.type == code), None)
    if found is None:
        raise NotFound("There is no such type.")
    return found


def _answer(request: HttpRequest, code: str | None, represent: Callable[[Form, int | None], bytes]) -> Answer:
    """The taxonomy, or the part named by the codes. Only documents cut to a budget are made per request."""
    form = form_of(request.scope, OBJECT_FORMS)
    budget = read_object_query(request, form, BudgetQuery).budget
    if budget is not UNSET:
        began: datetime = request.app.state.began
        body = represent(form, budget)
        return object_body_answer(
            request, "taxonomy", code, form, body, last_modified=began, policy=STATIC, dated=False
        )
    document = static_document(request, f"taxonomy/{code}.{form}", lambda: represent(form, None))
    return object_answer(request, "taxonomy", code, form, document, policy=STATIC, unchanging=True)


ROUTES = [get_taxonomy, get_taxonomy_type, get_tactic]
