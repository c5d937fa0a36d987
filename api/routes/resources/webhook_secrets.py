"""Secrets of webhook endpoints, and previews of subscriptions."""

from litestar.params import FromPath
from msgspec.structs import replace

from api.errors import Conflict, Forbidden, NotFound, PreconditionFailed, Unauthorized, Unavailable
from api.operations.webhooks.endpoints import (
    NO_ENDPOINT,
    check_predicate,
    lock_account_endpoint,
    rotate_secret,
)
from api.operations.webhooks.preview_events import preview_events
from api.routes.http.admission.authentication import holder_of, origin_of
from api.routes.http.admission.idempotency import once
from api.routes.http.admission.operation import NoParameters, Operation, read, write
from api.routes.http.request.bodies import read_body
from api.routes.http.request.headers import Versions
from api.routes.http.request.query import read_query
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import Answer, private_answer, runtime_of
from api.runtime.key_ring import key_ring
from api.runtime.quotas import CHANGE, LOG
from api.storage.database.pool import Connection
from api.storage.webhooks.webhooks import get_endpoint, list_secrets
from schemas.keys import Scope
from schemas.webhooks import EndpointSecret, Preview, PreviewRequest, SecretRotation


@read(
    "/webhooks/{webhook:str}/secret",
    Operation(
        id="getWebhookSecret",
        tag="webhooks",
        answer=EndpointSecret,
        scope=Scope.MANAGE_WEBHOOKS,
        errors=(Unauthorized, Forbidden, NotFound),
        conditional=False,
    ),
)
async def get_secret(request: HttpRequest, webhook: FromPath[str]) -> Answer:
    """Get the secret that signs deliveries to the endpoint."""
    read_query(request, NoParameters)
    runtime = runtime_of(request)
    async with runtime.pool.connection() as connection:
        found = await get_endpoint(connection, webhook, holder_of(request).account_id)
        if found is None:
            raise NotFound(NO_ENDPOINT)
        current, *older = await list_secrets(connection, [webhook], runtime.clock.now())
    try:
        opened = key_ring(runtime.settings).open(current.sealed, webhook)
    except ValueError:
        raise Unavailable(
            "The secret cannot be decrypted: the key is missing. Rotate the secret, or ask the operator."
        ) from None
    secret = EndpointSecret(
        endpoint_id=webhook,
        secret=opened,
        created_at=current.created_at,
        signs_too=len(older),
    )
    return private_answer(200, secret)


@write(
    "/webhooks/{webhook:str}/secret/rotate",
    Operation(
        id="rotateWebhookSecret",
        tag="webhooks",
        answer=EndpointSecret,
        body=SecretRotation,
        examples={"a day": {}, "at once": {"overlap_s": 0}},
        scope=Scope.MANAGE_WEBHOOKS,
        price=CHANGE,
        matched=True,
        errors=(Unauthorized, Forbidden, NotFound, Conflict, PreconditionFailed),
    ),
)
async def post_rotation(request: HttpRequest, webhook: FromPath[str]) -> Answer:
    """Replace an endpoint's secret. By default the old secret also signs for one day."""
    read_query(request, NoParameters)
    rotation = await read_body(request, SecretRotation)
    versions = Versions(request.scope)

    async def rotate(connection: Connection) -> EndpointSecret:
        stored = await lock_account_endpoint(connection, webhook, holder_of(request).account_id, versions)
        return await rotate_secret(connection, runtime_of(request), stored, rotation, origin_of(request))

    def repeated(made: EndpointSecret) -> Answer:
        return private_answer(200, replace(made, secret=None))

    done = await once(request, rotation, rotate, lambda made: private_answer(200, made), repeat=repeated)
    return done.answer


@write(
    "/webhooks/preview",
    Operation(
        id="previewWebhook",
        tag="webhooks",
        answer=Preview,
        body=PreviewRequest,
        examples={"heavy hype": {"predicate": 'spin.primary == "hype" && spin.score >= 70'}},
        scope=Scope.MANAGE_WEBHOOKS,
        price=LOG,
        errors=(Unauthorized, Forbidden),
    ),
)
async def post_preview(request: HttpRequest) -> Answer:
    """Test event types and a predicate on recent events.

    The test uses the newest 20,000 events of the last 30 days, or as many as half a second allows. A predicate
    is a CEL expression. It can use the fields of `data` by name, and `id`, `type`, `sequence` and `timestamp` of
    the event; it does not match events that lack a field it uses.
    """
    read_query(request, NoParameters)
    body = await read_body(request, PreviewRequest)
    check_predicate(body.predicate, body.event_types)
    runtime, account_id = runtime_of(request), holder_of(request).account_id

    async def preview(connection: Connection) -> Preview:
        return await preview_events(connection, runtime.clock, body, account_id)

    return (await once(request, body, preview, lambda found: private_answer(200, found))).answer


ROUTES = [get_secret, post_rotation, post_preview]
