"""The API catalog for automatic discovery (RFC 9727)."""

from typing import Any, Final

import msgspec

from api.routes.http.admission.operation import NoParameters, Operation, read
from api.routes.http.request.query import read_query
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import Answer, runtime_of
from api.routes.http.response.link_headers import API_CATALOG, OPENAPI, OPENAPI_TYPE, link
from api.routes.http.response.static_documents import static_answer

_LINKSET: Final = b'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"'


@read(
    API_CATALOG,
    Operation(id="getApiCatalog", tag="service", answer=None, media_type="application/linkset+json"),
)
async def get_api_catalog(request: HttpRequest) -> Answer:
    """Get the API catalog of this host, as a linkset (RFC 9264)."""
    read_query(request, NoParameters)
    base_url = runtime_of(request).base_url
    return static_answer(
        request,
        "api-catalog",
        lambda: msgspec.json.encode(_catalog(base_url)),
        content_type=_LINKSET,
        links=[link(base_url + API_CATALOG, "self", "application/linkset+json")],
    )


def _catalog(base_url: str) -> dict[str, Any]:
    def targets(*paths: tuple[str, str]) -> list[dict[str, str]]:
        return [{"href": base_url + path, "type": kind} for path, kind in paths]

    api = {
        "anchor": f"{base_url}/",
        "service-desc": targets(
            (OPENAPI, OPENAPI_TYPE),
            ("/openapi.json", "application/json"),
            ("/openapi.yaml", "application/yaml"),
        ),
        "service-doc": targets(
            ("/docs", "text/html"), ("/guide.html", "text/html"), ("/guide.md", "text/markdown")
        ),
        "service-meta": targets(("/ns", "application/ld+json"), ("/v1/taxonomy", "application/json")),
        "status": targets(("/readyz", "application/json")),
    }
    tools = {
        "anchor": f"{base_url}/mcp",
        "service-doc": targets(
            ("/guide/crawlers.html", "text/html"), ("/guide/crawlers.md", "text/markdown")
        ),
    }
    return {"linkset": [api, tools]}


ROUTES = [get_api_catalog]
