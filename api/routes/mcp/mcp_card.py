"""Where programs learn of the MCP endpoint before they connect: its card (SEP-2127), and who names the card."""

from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
from mcp_types.version import SUPPORTED_PROTOCOL_VERSIONS

from api.rendering.site import Site
from api.routes.http.admission.operation import NoParameters, Operation, read
from api.routes.http.request.query import read_query
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import Answer, runtime_of
from api.routes.http.response.link_headers import AI_CATALOG, SERVER_CARD
from api.routes.http.response.static_documents import shipped_answer
from api.routes.mcp.mcp import ABOUT, NAME, PATH, TITLE

_CARD: Final = "application/mcp-server-card+json"
_CATALOG: Final = "application/ai-catalog+json"
_SCHEMA: Final = "https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json"


@read(SERVER_CARD, Operation(id="getServerCard", tag="service", answer=None, media_type=_CARD))
async def get_server_card(request: HttpRequest) -> Answer:
    """Get where the tools for language models are, and which versions of the protocol they speak."""
    return _card_answer(request)


@read(
    "/.well-known/mcp/server-card.json",
    Operation(id="getWellKnownServerCard", tag="service", answer=None, media_type=_CARD),
)
async def get_well_known_server_card(request: HttpRequest) -> Answer:
    """Get the same, where some programs look for it first."""
    return _card_answer(request)


@read(AI_CATALOG, Operation(id="getAiCatalog", tag="service", answer=None, media_type=_CATALOG))
async def get_ai_catalog(request: HttpRequest) -> Answer:
    """Get what this host offers to language models."""
    read_query(request, NoParameters)
    runtime = runtime_of(request)
    return shipped_answer(
        request,
        "ai-catalog",
        lambda: msgspec.json.encode(_catalog(runtime.site)),
        content_type=_CATALOG.encode(),
    )


def _card_answer(request: HttpRequest) -> Answer:
    read_query(request, NoParameters)
    runtime = runtime_of(request)
    return shipped_answer(
        request,
        "server-card",
        lambda: msgspec.json.encode(_card(runtime.site)),
        content_type=_CARD.encode(),
    )


def _card(site: Site) -> dict[str, Any]:
    return {
        "$schema": _SCHEMA,
        "name": f"{'.'.join(reversed(_host(site).split('.')))}/{NAME}",
        "version": site.version,
        "title": TITLE,
        "description": ABOUT,
        "websiteUrl": f"{site.base_url}/",
        "remotes": [
            {
                "type": "streamable-http",
                "url": site.base_url + PATH,
                "supportedProtocolVersions": list(SUPPORTED_PROTOCOL_VERSIONS),
                "headers": [
                    {
                        "name": "Authorization",
                        "description": "Bearer and a key of this service; only submitting pages needs one.",
                        "isRequired": False,
                        "isSecret": True,
                    }
                ],
            }
        ],
    }


def _catalog(site: Site) -> dict[str, Any]:
    entry = {
        "identifier": f"urn:air:{_host(site)}:{NAME}",
        "displayName": TITLE,
        "type": _CARD,
        "url": site.base_url + SERVER_CARD,
        "description": ABOUT,
    }
    return {"specVersion": "1.0", "entries": [entry]}


def _host(site: Site) -> str:
    return urlsplit(site.base_url).hostname or "localhost"


ROUTES = [get_server_card, get_well_known_server_card, get_ai_catalog]
