"""Webhook endpoints of an account: create, change, enable, disable, delete."""

import hashlib
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final, TypeVar

from litestar.params import FromPath
from msgspec import Struct
from msgspec.structs import replace

from api.errors import (
    Conflict,
    Forbidden,
    InvalidCursor,
    NotFound,
    PreconditionFailed,
    Unauthorized,
    UrlNotAllowed,
)
from api.operations.webhooks.endpoints import (
    NO_ENDPOINT,
    change_endpoint,
    create_endpoint,
    disable_endpoint,
    enable_endpoint,
    lock_account_endpoint,
    remove_endpoint,
)
from api.routes.http.admission.authentication import holder_of, origin_of
from api.routes.http.admission.idempotency import once
from api.routes.http.admission.operation import NoParameters, Operation, read, write
from api.routes.http.representation.pagination import page_answer, page_start
from api.routes.http.request.bodies import read_body, read_no_body
from api.routes.http.request.headers import Versions
from api.routes.http.request.query import PageQuery, read_query
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import PRIVATE, Answer, private_answer, private_read, runtime_of
from api.runtime.quotas import CHANGE
from api.storage.database.pool import Connection
from api.storage.webhooks import webhooks
from api.storage.webhooks.webhooks import StoredEndpoint
from schemas.ids import EndpointId
from schemas.keys import Scope
from schemas.lists import Page
from schemas.webhooks import DeletedEndpoint, Endpoint, EndpointChange, EndpointCreation, NewEndpoint
from schemas.wire import encode_json

T = TypeVar("T")

_EXAMPLES: Final = {
    "everything": {"url": "https://hooks.brightwater.example/unspun"},
    "heavy hype": {
        "url": "https://hooks.brightwater.example/unspun",
        "event_types": ["story.published", "verdict.revised"],
        "predicate": 'spin.primary == "hype" && spin.score >= 70 && "Brightwater" in entities',
        "payload": "full",
    },
}


@write(
    "/webhooks",
    Operation(
        id="createWebhook",
        headers=("ETag",),
        tag="webhooks",
        answer=NewEndpoint,
        body=EndpointCreation,
        examples=_EXAMPLES,
        scope=Scope.MANAGE_WEBHOOKS,
        price=CHANGE,
        status=201,
        errors=(Unauthorized, Forbidden, UrlNotAllowed, Conflict),
    ),
)
async def post_webhook(request: HttpRequest) -> Answer:
    """Create a webhook endpoint for the account's own and public events.

    It gets a signed `webhook.ping` and becomes active when it answers with a 2xx.
    """
    read_query(request, NoParameters)
    creation = await read_body(request, EndpointCreation)
    runtime, account_id = runtime_of(request), holder_of(request).account_id

    async def create(connection: Connection) -> NewEndpoint:
        return await create_endpoint(
            connection,
            runtime,
            request.app.state.delivery_policy,
            creation,
            account_id=account_id,
            origin=origin_of(request),
        )

    done = await once(
        request, creation, create, partial(_created_response, request), repeat=partial(_repeated, request)
    )
    return done.answer


@read(
    "/webhooks",
    Operation(
        id="listWebhooks",
        tag="webhooks",
        answer=Page[Endpoint],
        query=PageQuery,
        scope=Scope.MANAGE_WEBHOOKS,
        errors=(InvalidCursor, Unauthorized, Forbidden),
    ),
)
async def get_webhooks(request: HttpRequest) -> Answer:
    """List the account's webhook endpoints, newest first."""
    query, account_id = read_query(request, PageQuery), holder_of(request).account_id
    below = page_start(request, query, EndpointId)
    async with runtime_of(request).pool.connection() as connection:
        found = await webhooks.list_endpoints(connection, account_id, below_id=below, limit=query.limit + 1)
    return page_answer(
        request,
        query,
        found,
        key=lambda endpoint: endpoint.id,
        show=lambda endpoint: endpoint,
        changed_at=lambda endpoint: endpoint.updated_at,
        policy=PRIVATE,
    )


@read(
    "/webhooks/{webhook:str}",
    Operation(
        id="getWebhook",
        headers=("ETag",),
        tag="webhooks",
        answer=Endpoint,
        scope=Scope.MANAGE_WEBHOOKS,
        errors=(Unauthorized, Forbidden, NotFound),
    ),
)
async def get_webhook(request: HttpRequest, webhook: FromPath[str]) -> Answer:
    """Get a webhook endpoint.

    Use the ETag of the response in If-None-Match, which compares everything, and in If-Match, which ignores what
    deliveries change, unless they disable the endpoint.
    """
    read_query(request, NoParameters)
    async with runtime_of(request).pool.connection() as connection:
        found = await webhooks.get_endpoint(connection, webhook, holder_of(request).account_id)
    if found is None:
        raise NotFound(NO_ENDPOINT)
    return private_read(request, found.endpoint, _etag(found.endpoint, found.row_version))


def _change(name: str, answer: type[Struct], body: type[Struct] | None = None) -> Operation:
    """Runs a change of an endpoint: parameters, If-Match and idempotency."""
    return Operation(
        id=name,
        tag="webhooks",
        answer=answer,
        body=body,
        scope=Scope.MANAGE_WEBHOOKS,
        price=CHANGE,
        matched=True,
        headers=("ETag",) if answer is Endpoint else (),
        errors=(Unauthorized, Forbidden, NotFound, PreconditionFailed, *([UrlNotAllowed] if body else [])),
        examples={"another predicate": {"predicate": "spin.score >= 80"}} if body else {},
    )


@write("/webhooks/{webhook:str}/update", _change("updateWebhook", Endpoint, EndpointChange))
async def post_update(request: HttpRequest, webhook: FromPath[str]) -> Answer:
    """Change a webhook endpoint; omitted fields stay. A new `url` gets a new ping.

    An update with no new value changes nothing, not even `updated_at` and the ETag.
    """
    read_query(request, NoParameters)
    change, policy = await read_body(request, EndpointChange), request.app.state.delivery_policy

    async def act(connection: Connection, stored: StoredEndpoint) -> StoredEndpoint:
        return await change_endpoint(
            connection, runtime_of(request), policy, stored, change, origin_of(request)
        )

    return await _changed(request, webhook, change, act, _response)


@write("/webhooks/{webhook:str}/enable", _change("enableWebhook", Endpoint))
async def post_enabling(request: HttpRequest, webhook: FromPath[str]) -> Answer:
    """Enable a webhook endpoint. It gets a ping and becomes active when it answers with a 2xx.

    Use `recover` to send missed events.
    """
    read_query(request, NoParameters)
    await read_no_body(request)

    async def act(connection: Connection, stored: StoredEndpoint) -> StoredEndpoint:
        return await enable_endpoint(connection, runtime_of(request), stored, origin_of(request))

    return await _changed(request, webhook, None, act, _response)


@write("/webhooks/{webhook:str}/disable", _change("disableWebhook", Endpoint))
async def post_disabling(request: HttpRequest, webhook: FromPath[str]) -> Answer:
    """Disable a webhook endpoint. Nothing more is sent, and pending deliveries are cancelled."""
    read_query(request, NoParameters)
    await read_no_body(request)

    async def act(connection: Connection, stored: StoredEndpoint) -> StoredEndpoint:
        return await disable_endpoint(connection, runtime_of(request), stored, origin_of(request))

    return await _changed(request, webhook, None, act, _response)


@write("/webhooks/{webhook:str}/delete", _change("deleteWebhook", DeletedEndpoint))
async def post_deletion(request: HttpRequest, webhook: FromPath[str]) -> Answer:
    """Delete a webhook endpoint and its deliveries permanently."""
    read_query(request, NoParameters)
    await read_no_body(request)

    async def act(connection: Connection, stored: StoredEndpoint) -> DeletedEndpoint:
        return await remove_endpoint(connection, runtime_of(request), stored, origin_of(request))

    return await _changed(request, webhook, None, act, partial(private_answer, 200))


async def _changed(
    request: HttpRequest,
    endpoint_id: str,
    body: Struct | None,
    act: Callable[[Connection, StoredEndpoint], Awaitable[T]],
    show: Callable[[T], Answer],
) -> Answer:
    versions = Versions(request.scope)

    async def change(connection: Connection) -> T:
        account_id = holder_of(request).account_id
        return await act(
            connection, await lock_account_endpoint(connection, endpoint_id, account_id, versions)
        )

    return (await once(request, body, change, show)).answer


def _created_response(request: HttpRequest, endpoint: NewEndpoint) -> Answer:
    location = f"{runtime_of(request).base_url}/v1/webhooks/{endpoint.id}".encode()
    return private_answer(201, endpoint, [(b"location", location), _tag(endpoint, 1)])


def _repeated(request: HttpRequest, endpoint: NewEndpoint) -> Answer:
    """The stored response for repeated requests, without the secret."""
    return _created_response(request, replace(endpoint, secret=None))


def _response(stored: StoredEndpoint) -> Answer:
    return private_answer(200, stored.endpoint, [_tag(stored.endpoint, stored.row_version)])


def _tag(endpoint: Endpoint, version: int) -> tuple[bytes, bytes]:
    return b"etag", b'"%s"' % _etag(endpoint, version).encode()


def _etag(endpoint: Endpoint, version: int) -> str:
    """The version, which rises with the owner's changes and when it is disabled, and a digest of the rest."""
    delivered = encode_json([endpoint.status, endpoint.failing_since, endpoint.lost_through])
    return f"{version}.{hashlib.sha256(delivered).hexdigest()[:8]}"


ROUTES = [
    post_webhook,
    get_webhooks,
    get_webhook,
    post_update,
    post_enabling,
    post_disabling,
    post_deletion,
]
