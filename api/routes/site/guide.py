"""The guide to using and running the service, as Markdown and HTML, with this service's URLs."""

from litestar.params import FromPath

from api.errors import NotFound
from api.rendering.forms import Form
from api.rendering.guide import INDEX, METHODOLOGY, GuidePage, guide_markdown, guide_pages, guide_path
from api.rendering.html.guide import guide_html
from api.rendering.site import Site
from api.routes.http.admission.operation import NoParameters, Operation, read
from api.routes.http.request.negotiation import VARY, form_of
from api.routes.http.request.query import read_query
from api.routes.http.request.types import Headers, HttpRequest
from api.routes.http.response.answers import Answer, runtime_of
from api.routes.http.response.content_security_policy import PAGE_POLICY
from api.routes.http.response.link_headers import form_links
from api.routes.http.response.static_documents import static_answer
from api.runtime.runtime import Runtime

_FORMS = (Form.MARKDOWN, Form.HTML)


def _operation(operation_id: str, *errors: type[NotFound]) -> Operation:
    return Operation(
        id=operation_id, tag="service", answer=None, media_type="text/markdown", forms=_FORMS, errors=errors
    )


@read("/guide", _operation("getGuide"))
async def get_guide(request: HttpRequest) -> Answer:
    """Get the guide's table of contents."""
    return _answer(request, INDEX)


@read("/guide/{page:str}", _operation("getGuidePage", NotFound))
async def get_guide_page(request: HttpRequest, page: FromPath[str]) -> Answer:
    """Get a page of the guide. Its examples use this service's URL."""
    return _answer(request, page)


@read("/v1/methodology", _operation("getMethodology"))
async def get_methodology(request: HttpRequest) -> Answer:
    """Get the codebook: the meaning of every verdict field, and how the quality is measured."""
    return _answer(request, METHODOLOGY)


def _answer(request: HttpRequest, name: str) -> Answer:
    """Raises NotFound, NotAcceptable."""
    read_query(request, NoParameters)
    form, runtime = form_of(request.scope, _FORMS), runtime_of(request)
    page = guide_pages().get(name)
    if page is None:
        raise NotFound("There is no such page; see /guide.")
    return static_answer(
        request,
        f"guide/{name}.{form}",
        lambda: _made(page, form, runtime.site),
        content_type=form.content_type,
        links=form_links(runtime.base_url + guide_path(name), form, _FORMS),
        more=_headers(runtime, page, form),
        vary=VARY,
        form=form,
        forms=_FORMS,
    )


def _made(page: GuidePage, form: Form, site: Site) -> bytes:
    made = guide_html(page, site) if form is Form.HTML else guide_markdown(page, site.base_url)
    return made.encode()


def _headers(runtime: Runtime, page: GuidePage, form: Form) -> Headers:
    headers = [(b"content-location", f"{runtime.base_url}{guide_path(page.name)}.{form}".encode())]
    return [*headers, PAGE_POLICY] if form is Form.HTML else headers


ROUTES = [get_guide, get_guide_page, get_methodology]
