"""Where WebSub hubs spoke to us, which no feed is subscribed at any more; their notices end with a 410.

It goes with the version after this one: until then hubs still hold subscriptions of the version before.
"""

from typing import Final

from litestar.params import FromPath

from api.errors import Ended
from api.routes.http.admission.operation import exchange_unlisted, read_unlisted
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import Answer

_PATH: Final = "/websub/{token:str}"


@read_unlisted(_PATH)
async def get_verification(request: HttpRequest, token: FromPath[str]) -> Answer:
    """Confirm no subscription. Raises Ended."""
    raise _ended()


@exchange_unlisted(_PATH)
async def post_notice(request: HttpRequest, token: FromPath[str]) -> Answer:
    """Take no notice, and read none. Raises Ended."""
    raise _ended()


def _ended() -> Ended:
    return Ended("Hubs are no longer subscribed to; feeds are polled.")


ROUTES = [get_verification, post_notice]
