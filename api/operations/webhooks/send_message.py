"""Queues messages to one endpoint that are not in the event log: pings and examples."""

import msgspec

from api.clock import Clock
from api.storage.database.pool import Connection
from api.storage.webhooks.deliveries import insert_message
from schemas.event_data import PingEventData
from schemas.event_types import EVENT_KINDS, example_of
from schemas.events import Event, EventType
from schemas.webhooks import Endpoint


async def send_ping(connection: Connection, clock: Clock, endpoint: Endpoint) -> str:
    """The id of a delivery of `webhook.ping`; a successful answer activates the endpoint."""
    data = msgspec.to_builtins(PingEventData(endpoint_id=endpoint.id))
    ping = _message(clock, endpoint, EventType.WEBHOOK_PING, data)
    return await insert_message(connection, clock.new_id("dlv"), endpoint.id, ping, clock.now())


async def send_example(
    connection: Connection, clock: Clock, endpoint: Endpoint, event_type: EventType
) -> str:
    """The id of a delivery of an example event."""
    (kind,) = (kind for kind in EVENT_KINDS if kind.type is event_type)
    message = _message(clock, endpoint, event_type, example_of(kind).data)
    return await insert_message(connection, clock.new_id("dlv"), endpoint.id, message, clock.now())


def _message(clock: Clock, endpoint: Endpoint, event_type: EventType, data: dict[str, object]) -> Event:
    return Event(
        id=clock.new_id("evt"),
        sequence=None,
        type=event_type,
        timestamp=clock.now(),
        account_id=endpoint.account_id,
        data=data,
    )
