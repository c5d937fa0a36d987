"""Where WebSub hubs speak to us (https://www.w3.org/TR/websub/): under an address that only the hub knows."""

import re
from typing import Annotated, Final

from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.params import FromPath
from msgspec import Meta, Struct, field

from api.errors import Gone, NotFound, TooLarge
from api.operations.feeds.hear_hub import confirm_subscription, hear_denial, hear_notice, open_secret
from api.operations.feeds.websub import PATH
from api.routes.http.admission.operation import NoParameters, Operation, ask, read
from api.routes.http.request.headers import header
from api.routes.http.request.query import read_query
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import UNCACHED, Answer, runtime_of

MAX_NOTICE_BYTES: Final = 5_242_880  # as large as a feed may be, which hubs send whole
_CHALLENGE = re.compile(r"[!-~]{1,500}")


class HubQuery(Struct, kw_only=True, frozen=True):
    """What a hub asks before it does something. Further parameters are the hub's own, and passed over."""

    mode: Annotated[str, Meta(max_length=20, description="What the hub is about to do.")] = field(
        name="hub.mode"
    )
    topic: Annotated[str, Meta(max_length=2_048, description="The feed.")] = field(
        name="hub.topic", default=""
    )
    challenge: Annotated[str, Meta(max_length=500, description="To be sent back.")] = field(
        name="hub.challenge", default=""
    )
    lease_seconds: Annotated[int, Meta(ge=0, description="For how long.")] = field(
        name="hub.lease_seconds", default=0
    )
    reason: Annotated[str, Meta(max_length=200, description="Why it refuses.")] = field(
        name="hub.reason", default=""
    )


@read(
    PATH + "/{token:str}",
    Operation(
        id="verifySubscription",
        tag="feeds",
        answer=None,
        media_type="text/plain",
        query=HubQuery,
        errors=(NotFound,),
        conditional=False,
    ),
)
async def get_verification(request: HttpRequest, token: FromPath[str]) -> Answer:
    """For WebSub hubs: confirm a subscription by its challenge, or hear that it is denied."""
    query, runtime = read_query(request, HubQuery), runtime_of(request)
    if query.mode == "denied":
        await hear_denial(runtime, token, f"The hub denies it: {query.reason or 'it does not say why'}")
        return _plain(200, b"")
    if query.mode != "subscribe" or not _CHALLENGE.fullmatch(query.challenge):
        raise NotFound("Nothing was asked for here.")
    await confirm_subscription(runtime, token, query.topic, query.lease_seconds)
    return _plain(200, query.challenge.encode())


@ask(
    PATH + "/{token:str}",
    Operation(id="notifyOfNews", tag="feeds", answer=None, media_type="text/plain", errors=(Gone,)),
    max_body_bytes=MAX_NOTICE_BYTES,
)
async def post_notice(request: HttpRequest, token: FromPath[str]) -> Answer:
    """For WebSub hubs: tell that a feed has news; what is sent is checked by its signature, and not read."""
    read_query(request, NoParameters)
    runtime = runtime_of(request)
    # before the body: nobody has us take megabytes who does not even know an address
    secret = await open_secret(runtime, token)
    try:
        body = await request.body()
    except RequestEntityTooLarge:
        raise TooLarge(f"A notice has {MAX_NOTICE_BYTES:,} bytes at most.") from None
    signature = header(request.scope, b"x-hub-signature") or ""
    if secret is not None:
        await hear_notice(runtime, token, secret, body, signature)
    return _plain(200, b"")  # also where the signature is wrong: nobody is told which secrets fit


def _plain(status: int, body: bytes) -> Answer:
    headers = [
        (b"cache-control", UNCACHED),
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"x-content-type-options", b"nosniff"),
    ]
    return Answer(status, headers, body)


ROUTES = [get_verification, post_notice]
