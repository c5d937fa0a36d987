"""Addresses that ended with this version and answer 410 for one version more.

WebSub hubs still hold subscriptions of the version before: their notices are not read. Programs that looked for a
card of the tools find them described in the guide.
"""

from typing import Final

from litestar.params import FromPath

from api.errors import Ended
from api.routes.http.admission.operation import exchange_unlisted, read_unlisted
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import Answer

_HUBS: Final = "/websub/{token:str}"
_NO_HUBS: Final = "Hubs are no longer subscribed to; feeds are polled."
_NO_CARDS: Final = "There are no cards of the tools any more; /v1/guide/crawlers says where they are."


@read_unlisted(_HUBS)
async def get_verification(request: HttpRequest, token: FromPath[str]) -> Answer:
    """Confirm no subscription. Raises Ended."""
    raise Ended(_NO_HUBS)


@exchange_unlisted(_HUBS)
async def post_notice(request: HttpRequest, token: FromPath[str]) -> Answer:
    """Take no notice, and read none. Raises Ended."""
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
