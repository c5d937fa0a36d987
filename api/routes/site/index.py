"""The root URL: index of the API as JSON and Markdown, and front page."""

from importlib.metadata import version

import msgspec

from api.operations.stories.story_lists import list_latest
from api.rendering.forms import Form
from api.rendering.html.front import front_html
from api.rendering.markdown.index import index_page
from api.routes.http.admission.operation import NoParameters, Operation, read
from api.routes.http.request.negotiation import VARY, form_of
from api.routes.http.request.query import read_query
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import (
    LIST,
    MARKDOWN,
    STATIC,
    Answer,
    body_answer,
    runtime_of,
    text_headers,
)
from api.routes.http.response.content_security_policy import PAGE_POLICY
from api.routes.http.response.link_headers import (
    API_CATALOG,
    OPENAPI,
    feed_links,
    link,
    public_headers,
)
from api.routes.http.response.static_documents import static_answer
from schemas.index import Index

_FORMS = (Form.JSON, Form.MARKDOWN, Form.HTML)
_PATHS = {
    "stories": "/v1/stories",
    "verdicts": "/v1/verdicts",
    "claims": "/v1/claims",
    "sources": "/v1/sources",
    "entities": "/v1/entities",
    "stats": "/v1/stats?by=spin_type",
    "taxonomy": "/v1/taxonomy",
    "lookup": "/v1/lookup?url=",
    "analyses": "/v1/analyses",
    "events": "/v1/events",
    "appeals": "/v1/appeals",
    "exports": "/v1/exports",
    "source-feeds": "/v1/feeds",
    "event-types": "/v1/event-types",
    "keys": "/v1/keys",
    "usage": "/v1/usage",
    "webhooks": "/v1/webhooks",
    "service-description": OPENAPI,
    "openapi": "/openapi.json",
    "schemas": "/schemas",
    "openapi-yaml": "/openapi.yaml",
    "api-catalog": API_CATALOG,
    "mcp": "/mcp",
    "robots": "/robots.txt",
    "llms": "/llms.txt",
    "llms-full": "/llms-full.txt",
    "sitemap": "/sitemap.xml",
    "news-sitemap": "/news-sitemap.xml",
    "feed-atom": "/feed.atom",
    "feed-rss": "/feed.rss",
    "feed-json": "/feed.json",
    "feed-jsonld": "/feed.jsonld",
    "docs": "/docs",
    "guide": "/guide",
    "methodology": "/v1/methodology",
    "vocabulary": "/ns",
    "problems": "/problems",
}


@read("/", Operation(id="getIndex", tag="service", answer=Index, forms=_FORMS))
async def get_index(request: HttpRequest) -> Answer:
    """Get the URLs of all resources; as HTML, the latest stories."""
    read_query(request, NoParameters)
    runtime, form = runtime_of(request), form_of(request.scope, _FORMS)
    if form is Form.HTML:
        return await _front(request)
    base_url = runtime.base_url
    links = {name: base_url + path for name, path in _PATHS.items()}
    index = Index(
        name="Unspun",
        version=version("unspun"),
        links=links,
        webhooks_from=[str(network) for network in runtime.settings.delivery_networks],
    )
    if form is Form.MARKDOWN:
        return _markdown(request, index)
    return static_answer(
        request,
        "index",
        lambda: msgspec.json.encode(index),
        links=_links(base_url),
        vary=VARY,
        form=Form.JSON,
        forms=_FORMS,
    )


def _links(base_url: str) -> list[str]:
    forms = [link(f"{base_url}/", "alternate", form.media_type) for form in _FORMS]
    return [link(f"{base_url}/", "canonical"), *forms, *feed_links(base_url)]


def _markdown(request: HttpRequest, index: Index) -> Answer:
    """Not a `static_answer`, which would be cached at the path with suffix: this one has none."""
    runtime, body = runtime_of(request), index_page(index, runtime_of(request).site).encode()
    return body_answer(
        request,
        body,
        STATIC,
        last_modified=request.app.state.began,
        content_type=MARKDOWN,
        more=[*public_headers(runtime, *_links(runtime.base_url)), *text_headers(MARKDOWN, body)],
        vary=VARY,
    )


async def _front(request: HttpRequest) -> Answer:
    runtime = runtime_of(request)
    public = runtime.settings.public_reads
    latest = await list_latest(runtime) if public else []
    body = front_html(latest, runtime.site, public=public).encode()
    return body_answer(
        request,
        body,
        LIST,
        last_modified=max((row.updated_at for row in latest), default=None),
        dated=False,
        content_type=Form.HTML.content_type,
        more=[*public_headers(runtime, *_links(runtime.base_url)), PAGE_POLICY],
        vary=VARY,
    )


ROUTES = [get_index]
