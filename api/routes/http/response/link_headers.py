"""Link headers (RFC 8288) and content signals of public responses; defined only here."""

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Final

from api.rendering.forms import OBJECT_FORMS, Form
from api.routes.http.request.types import Headers
from api.routes.http.response.content_security_policy import PAGE_POLICY
from api.runtime.runtime import Runtime

API_CATALOG: Final = "/.well-known/api-catalog"
SCHEMA: Final = "application/schema+json"
OPENAPI: Final = "/openapi"
OPENAPI_TYPE: Final = "application/openapi+json"
# By collection: its JSON Schema and schema.org type (FAIR Signposting's `type`).
_KINDS: Final = {
    "stories": ("story", "AnalysisNewsArticle"),
    "verdicts": ("verdict", "Review"),
    "claims": ("single-claim", "Claim"),
    "sources": ("source", "Organization"),
    "taxonomy": ("taxonomy", "DefinedTermSet"),
}
FEEDS: Final = (
    ("/feed.atom", "application/atom+xml"),
    ("/feed.rss", "application/rss+xml"),
    ("/feed.json", "application/feed+json"),
    ("/feed.jsonld", "application/ld+json"),
)


def link(target: str, rel: str, media_type: str = "") -> str:
    """One link; the target is a URL of the service or from the settings."""
    return f'<{target}>; rel="{rel}"' + (f'; type="{media_type}"' if media_type else "")


def object_headers(runtime: Runtime, kind: str, object_id: str | None, form: Form) -> Headers:
    """Links of one format of an object: its URL, its canonical URL, other formats and documentation.

    `kind` is the collection; `object_id` is None for the whole collection.
    """
    return _object_headers(runtime.base_url, runtime.site.license, runtime.signals, kind, object_id, form)


def public_headers(runtime: Runtime, *links: str) -> Headers:
    """Headers of other public responses: these links, service links, licence and content signals."""
    shown = [*links, link(runtime.site.license, "license"), *service_links(runtime.base_url)]
    return [(b"link", ", ".join(shown).encode()), *runtime.signals]


def form_links(address: str, form: Form, forms: Iterable[Form]) -> list[str]:
    """The canonical URL and those of the other formats.

    The canonical URL of a page has the suffix: the bare URL returns other formats to other clients, and search
    engines need one with HTML.
    """
    others = [
        link(f"{address}.{other}", "alternate", other.media_type) for other in forms if other is not form
    ]
    return [link(f"{address}.{form}" if form is Form.HTML else address, "canonical"), *others]


@cache
def service_links(base_url: str) -> tuple[str, ...]:
    """Links to the service description."""
    return (
        link(base_url + OPENAPI, "service-desc", OPENAPI_TYPE),
        link(f"{base_url}/docs", "service-doc", "text/html"),
        link(base_url + API_CATALOG, "api-catalog"),
    )


def feed_links(base_url: str, query: str = "") -> list[str]:
    """The feeds of all stories, or of those selected by a query string."""
    return [
        link(f"{base_url}{path}{'?' if query else ''}{query}", "alternate", media_type)
        for path, media_type in FEEDS
    ]


@lru_cache(2_048)  # about 1 kB each; popular objects are mostly read in the same format
def _object_headers(
    base_url: str,
    license_url: str,
    signals: tuple[tuple[bytes, bytes], ...],
    kind: str,
    object_id: str | None,
    form: Form,
) -> Headers:
    address = f"{base_url}/v1/{kind}" + (f"/{object_id}" if object_id else "")
    name, schema_type = _KINDS[kind]
    if kind == "taxonomy" and object_id:
        name, schema_type = "tactic" if "/" in object_id else "taxonomy-type", "DefinedTerm"
    links = [
        *form_links(address, form, OBJECT_FORMS),
        link(address, "cite-as"),
        link(f"{base_url}/", "author"),
        link(f"{base_url}/schemas/{name}.json", "describedby", SCHEMA),
        link(f"https://schema.org/{schema_type}", "type"),
        link(license_url, "license"),
        *service_links(base_url),
    ]
    headers = [
        (b"content-location", f"{address}.{form}".encode()),
        (b"link", ", ".join(links).encode()),
        *signals,
    ]
    return [*headers, PAGE_POLICY] if form is Form.HTML else headers
