"""URLs removed in this version; they return 410 for one more version.

WebSub hubs may still have subscriptions from the previous version.
"""

from typing import Final

from litestar.params import FromPath

from api.errors import Ended
from api.routes.http.admission.operation import exchange_unlisted, read_unlisted
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import Answer

_HUBS: Final = "/websub/{token:str}"
_NO_HUBS: Final = "WebSub hubs are no longer supported; feeds are polled."
_NO_CARDS: Final = "Tool cards were removed; see /v1/guide/crawlers for the tools."


@read_unlisted(_HUBS)
async def get_verification(request: HttpRequest, token: FromPath[str]) -> Answer:
    """Removed. Refuses every WebSub subscription."""
    raise Ended(_NO_HUBS)


@exchange_unlisted(_HUBS)
async def post_notice(request: HttpRequest, token: FromPath[str]) -> Answer:
    """Removed. Ignores WebSub notifications."""
    raise Ended(_NO_HUBS)


@read_unlisted("/mcp/server-card")
async def get_server_card(request: HttpRequest) -> Answer:
    """Raises Ended."""
    raise Ended(_NO_CARDS)


@read_unlisted("/.well-known/mcp/server-card.json")
async def get_well_known_card(request: HttpRequest) -> Answer:
    """Raises Ended."""
    raise Ended(_NO_CARDS)


@read_unlisted("/.well-known/ai-catalog.json")
async def get_ai_catalog(request: HttpRequest) -> Answer:
    """Raises Ended."""
    raise Ended(_NO_CARDS)


ROUTES = [get_verification, post_notice, get_server_card, get_well_known_card, get_ai_catalog]
