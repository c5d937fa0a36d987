"""The OpenAPI document and its HTML page, served without foreign hosts."""

from importlib.resources import files
from typing import Any, Final

import msgspec
from litestar.params import FromPath
from swagger_ui_bundle import swagger_ui_path

from api.errors import NotFound
from api.routes.http.admission.operation import NoParameters, Operation, read, read_unlisted
from api.routes.http.request.query import read_query
from api.routes.http.request.types import Headers, HttpRequest
from api.routes.http.response.answers import Answer
from api.routes.http.response.link_headers import OPENAPI, OPENAPI_TYPE
from api.routes.http.response.static_documents import static_answer, static_answer_in_thread
from api.routes.openapi.openapi import openapi_yaml

_ASSETS: Final = {
    "start.js": b"text/javascript; charset=utf-8",
    "swagger-ui-bundle.js": b"text/javascript; charset=utf-8",
    "swagger-ui.css": b"text/css; charset=utf-8",
    "favicon-32x32.png": b"image/png",
}
# Starts Swagger UI with the reader's colour scheme; without the validator, which is a foreign host.
_START: Final = b"""\
if (matchMedia("(prefers-color-scheme: dark)").matches) document.documentElement.classList.add("dark-mode");
SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#contract",
  deepLinking: true,
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis],
});
"""
_HTML: Final = b"text/html; charset=utf-8"
# Swagger UI needs inline styles and data: URLs for icons; the only scripts are the two files.
_POLICY: Final[Headers] = [
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        b"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    )
]


@read("/openapi.json", Operation(id="getOpenapi", tag="service", answer=None))
async def get_openapi(request: HttpRequest) -> Answer:
    """Get this document."""
    read_query(request, NoParameters)
    return await static_answer_in_thread(request, "openapi", lambda: msgspec.json.encode(_document()))


@read(
    OPENAPI,
    Operation(id="getServiceDescription", tag="service", answer=None, media_type=OPENAPI_TYPE),
)
async def get_service_description(request: HttpRequest) -> Answer:
    """Get this document with its own media type, as linked by `service-desc`."""
    read_query(request, NoParameters)
    return await static_answer_in_thread(
        request, "openapi", lambda: msgspec.json.encode(_document()), content_type=OPENAPI_TYPE.encode()
    )


@read(
    "/openapi.yaml", Operation(id="getOpenapiYaml", tag="service", answer=None, media_type="application/yaml")
)
async def get_openapi_yaml(request: HttpRequest) -> Answer:
    """Get this document as YAML."""
    read_query(request, NoParameters)
    return await static_answer_in_thread(
        request, "openapi.yaml", lambda: openapi_yaml(_document()).encode(), content_type=b"application/yaml"
    )


@read("/docs", Operation(id="getDocs", tag="service", answer=None, media_type="text/html"))
async def get_docs(request: HttpRequest) -> Answer:
    """Get an interactive page of this document."""
    read_query(request, NoParameters)
    page = files("api.routes.site") / "docs.html"
    return static_answer(request, "docs", page.read_bytes, content_type=_HTML, more=_POLICY)


@read_unlisted("/docs/assets/{name:str}")
async def get_docs_asset(request: HttpRequest, name: FromPath[str]) -> Answer:
    """Get a file of the interactive page."""
    if name not in _ASSETS:
        raise NotFound("There is no such file.")
    make = _start if name == "start.js" else (swagger_ui_path / name).read_bytes
    return await static_answer_in_thread(request, f"docs/{name}", make, content_type=_ASSETS[name])


def _document() -> dict[str, Any]:
    """The committed document; a test compares it with the routes."""
    document: dict[str, Any] = msgspec.json.decode(
        (files("api.routes.openapi") / "openapi.json").read_bytes()
    )
    return document


def _start() -> bytes:
    return _START


ROUTES = [get_openapi, get_service_description, get_openapi_yaml, get_docs, get_docs_asset]
