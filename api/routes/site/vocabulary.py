"""The service's JSON-LD vocabulary, at the URLs used in its documents."""

import msgspec

from api.rendering.forms import Form
from api.rendering.html.vocabulary import vocabulary_html
from api.rendering.markdown.vocabulary import vocabulary_page
from api.rendering.site import Site
from api.rendering.vocabulary import context, vocabulary_graph
from api.routes.http.admission.operation import NoParameters, Operation, read
from api.routes.http.request.negotiation import VARY, form_of
from api.routes.http.request.query import read_query
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import Answer, runtime_of
from api.routes.http.response.content_security_policy import PAGE_POLICY
from api.routes.http.response.link_headers import form_links
from api.routes.http.response.static_documents import static_answer

_FORMS = (Form.JSONLD, Form.MARKDOWN, Form.HTML)


@read(
    "/ns",
    Operation(
        id="getVocabulary", tag="vocabulary", answer=None, media_type="application/ld+json", forms=_FORMS
    ),
)
async def get_vocabulary(request: HttpRequest) -> Answer:
    """Get the vocabulary's classes and properties, as RDF Schema."""
    read_query(request, NoParameters)
    site, form = runtime_of(request).site, form_of(request.scope, _FORMS)
    headers = [(b"content-location", f"{site.base_url}/ns.{form}".encode())]
    if form is Form.HTML:
        headers.append(PAGE_POLICY)
    return static_answer(
        request,
        f"ns.{form}",
        lambda: _vocabulary(form, site),
        content_type=form.content_type,
        links=form_links(f"{site.base_url}/ns", form, _FORMS),
        more=headers,
        vary=VARY,
        form=form,
        forms=_FORMS,
    )


def _vocabulary(form: Form, site: Site) -> bytes:
    match form:
        case Form.HTML:
            return vocabulary_html(site).encode()
        case Form.MARKDOWN:
            return vocabulary_page(site.base_url).encode()
    return msgspec.json.encode(vocabulary_graph(site.base_url))


@read(
    "/ns/context.jsonld",
    Operation(id="getContext", tag="vocabulary", answer=None, media_type="application/ld+json"),
)
async def get_context(request: HttpRequest) -> Answer:
    """Get the JSON-LD context of the service's documents."""
    read_query(request, NoParameters)
    base_url = runtime_of(request).base_url
    return static_answer(
        request,
        "context",
        lambda: msgspec.json.encode(context(base_url)),
        content_type=Form.JSONLD.content_type,
    )


ROUTES = [get_vocabulary, get_context]
