"""Deliveries to a webhook endpoint: their results, tests and recovery."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated, Final, TypeVar

from litestar.params import FromPath
from msgspec import UNSET, Meta, Struct, UnsetType

from api.errors import Conflict, EventsForgotten, Forbidden, InvalidCursor, NotFound, Unauthorized
from api.operations.webhooks.endpoints import NO_ENDPOINT, lock_account_endpoint
from api.operations.webhooks.recover_events import check_active, recover_events, resend_delivery
from api.operations.webhooks.send_message import send_example
from api.routes.http.admission.authentication import holder_of
from api.routes.http.admission.idempotency import once
from api.routes.http.admission.operation import NoParameters, Operation, read, write
from api.routes.http.representation.pagination import page_answer, page_start
from api.routes.http.request.bodies import read_body, read_no_body
from api.routes.http.request.query import PageQuery, read_query
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import PRIVATE, Answer, private_answer, runtime_of
from api.runtime.quotas import LOG
from api.storage.database.pool import Connection
from api.storage.webhooks import deliveries
from api.storage.webhooks.webhooks import StoredEndpoint, get_endpoint
from schemas.events import EventType
from schemas.ids import AttemptId, DeliveryId
from schemas.keys import Scope
from schemas.lists import Page
from schemas.webhooks import Attempt, Delivery, DeliveryStatus, Endpoint, Recovery, TestMessage

T = TypeVar("T")

_LISTING: Final = (InvalidCursor, Unauthorized, Forbidden, NotFound)
_SENDING: Final = (Unauthorized, Forbidden, NotFound, Conflict)


class DeliveryQuery(PageQuery, kw_only=True, frozen=True):
    """Filters of the delivery list."""

    status: DeliveryStatus | UnsetType = UNSET
    event_type: EventType | UnsetType = UNSET


class AttemptQuery(PageQuery, kw_only=True, frozen=True):
    """Filters of the attempt list."""

    delivery: Annotated[DeliveryId, Meta(description="Id of a delivery.")] | UnsetType = UNSET


@read(
    "/webhooks/{webhook:str}/deliveries",
    Operation(
        id="listDeliveries",
        tag="webhooks",
        answer=Page[Delivery],
        query=DeliveryQuery,
        scope=Scope.MANAGE_WEBHOOKS,
        errors=_LISTING,
    ),
)
async def get_deliveries(request: HttpRequest, webhook: FromPath[str]) -> Answer:
    """List the deliveries to an endpoint of at least the last 30 days, newest first."""
    query = read_query(request, DeliveryQuery)
    below = page_start(request, query, DeliveryId)
    async with runtime_of(request).pool.connection() as connection:
        await _check_endpoint(request, connection, webhook)
        found = await deliveries.list_deliveries(
            connection,
            webhook,
            status=None if query.status is UNSET else query.status,
            event_type=None if query.event_type is UNSET else query.event_type,
            below_id=below,
            limit=query.limit + 1,
        )
    return page_answer(
        request,
        query,
        found,
        key=lambda delivery: delivery.id,
        show=lambda delivery: delivery,
        changed_at=lambda delivery: delivery.finished_at or delivery.created_at,
        policy=PRIVATE,
    )


@read(
    "/webhooks/{webhook:str}/attempts",
    Operation(
        id="listAttempts",
        tag="webhooks",
        answer=Page[Attempt],
        query=AttemptQuery,
        scope=Scope.MANAGE_WEBHOOKS,
        errors=_LISTING,
    ),
)
async def get_attempts(request: HttpRequest, webhook: FromPath[str]) -> Answer:
    """List the delivery attempts to an endpoint with their responses, newest first."""
    query = read_query(request, AttemptQuery)
    below = page_start(request, query, AttemptId)
    async with runtime_of(request).pool.connection() as connection:
        await _check_endpoint(request, connection, webhook)
        found = await deliveries.list_attempts(
            connection,
            webhook,
            delivery_id=None if query.delivery is UNSET else query.delivery,
            below_id=below,
            limit=query.limit + 1,
        )
    return page_answer(
        request,
        query,
        found,
        key=lambda attempt: attempt.id,
        show=lambda attempt: attempt,
        changed_at=lambda attempt: attempt.attempted_at,
        policy=PRIVATE,
    )


@write(
    "/webhooks/{webhook:str}/deliveries/{delivery:str}/resend",
    Operation(
        id="resendDelivery", tag="webhooks", answer=Delivery, scope=Scope.MANAGE_WEBHOOKS, errors=_SENDING
    ),
)
async def post_resending(request: HttpRequest, webhook: FromPath[str], delivery: FromPath[str]) -> Answer:
    """Send an event to an endpoint again, with the same `webhook-id`."""
    read_query(request, NoParameters)
    await read_no_body(request)

    async def act(connection: Connection, stored: StoredEndpoint) -> Delivery:
        return await resend_delivery(connection, runtime_of(request), stored, delivery)

    return await _apply(request, webhook, None, act, partial(private_answer, 200))


@write(
    "/webhooks/{webhook:str}/test",
    Operation(
        id="testWebhook",
        tag="webhooks",
        answer=Endpoint,
        body=TestMessage,
        examples={"a story": {}, "a failure": {"event_type": "analysis.failed"}},
        scope=Scope.MANAGE_WEBHOOKS,
        status=202,
        errors=_SENDING,
    ),
)
async def post_test(request: HttpRequest, webhook: FromPath[str]) -> Answer:
    """Send an example event to an active endpoint. Its `sequence` is null, as it is not in the log."""
    read_query(request, NoParameters)
    test = await read_body(request, TestMessage)

    async def act(connection: Connection, stored: StoredEndpoint) -> StoredEndpoint:
        check_active(stored)
        await send_example(connection, runtime_of(request).clock, stored.endpoint, test.event_type)
        return stored

    return await _apply(request, webhook, test, act, _response)


@write(
    "/webhooks/{webhook:str}/recover",
    Operation(
        id="recoverWebhook",
        tag="webhooks",
        answer=Endpoint,
        body=Recovery,
        examples={
            "between two times": {"since": "2026-11-10T09:00:00Z", "until": "2026-11-10T12:00:00Z"},
            "after an event": {"after": "4127"},
        },
        scope=Scope.MANAGE_WEBHOOKS,
        status=202,
        price=LOG,
        errors=(*_SENDING, InvalidCursor, EventsForgotten),
    ),
)
async def post_recovery(request: HttpRequest, webhook: FromPath[str]) -> Answer:
    """Send an active endpoint the events it missed since a time or after a cursor.

    `until` limits the recovery to events up to that time. Failed deliveries are sent again, successful ones are
    not. If events after the time or cursor were already deleted, the response is 410, because they cannot be
    recovered. To switch from the log or a stream to webhooks, give the last event you read as `after`.
    """
    read_query(request, NoParameters)
    recovery = await read_body(request, Recovery)

    async def act(connection: Connection, stored: StoredEndpoint) -> StoredEndpoint:
        return await recover_events(connection, runtime_of(request), stored, recovery)

    return await _apply(request, webhook, recovery, act, _response)


async def _check_endpoint(request: HttpRequest, connection: Connection, endpoint_id: str) -> None:
    if await get_endpoint(connection, endpoint_id, holder_of(request).account_id) is None:
        raise NotFound(NO_ENDPOINT)


async def _apply(
    request: HttpRequest,
    endpoint_id: str,
    body: Struct | None,
    act: Callable[[Connection, StoredEndpoint], Awaitable[T]],
    show: Callable[[T], Answer],
) -> Answer:
    async def change(connection: Connection) -> T:
        return await act(
            connection, await lock_account_endpoint(connection, endpoint_id, holder_of(request).account_id)
        )

    return (await once(request, body, change, show)).answer


def _response(stored: StoredEndpoint) -> Answer:
    return private_answer(202, stored.endpoint)


ROUTES = [get_deliveries, get_attempts, post_resending, post_test, post_recovery]
