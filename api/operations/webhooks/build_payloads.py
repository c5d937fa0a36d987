"""The bodies of webhooks that are to be sent, each made once for all endpoints that get it."""

from collections.abc import Sequence

from api.storage.database.pool import Connection
from api.storage.log.events import list_events_by_number
from api.storage.stories.verdicts import get_verdict
from api.storage.webhooks.deliveries import Claimed
from api.webhooks.payloads import WITH_VERDICT, full_body, thin_body
from schemas.events import Event


async def write_payloads(connection: Connection, claimed: Sequence[Claimed]) -> dict[tuple[str, str], bytes]:
    """The body of each, by the event's id and the kind of payload; none for events that are forgotten."""
    numbers = sorted({one.event_sequence for one in claimed if one.event_sequence is not None})
    events = {event.id: event for event in await list_events_by_number(connection, numbers)}
    bodies: dict[tuple[str, str], bytes] = {}
    for one in claimed:
        key = (one.event_id, one.payload)
        if key in bodies:
            continue
        if one.message is not None:
            bodies[key] = one.message.encode()
        elif (event := events.get(one.event_id)) is not None:
            full = one.payload == "full" and event.type.value in WITH_VERDICT
            bodies[key] = await _full(connection, event) if full else thin_body(event)
    return bodies


async def _full(connection: Connection, event: Event) -> bytes:
    record = await get_verdict(connection, event.data["verdict_id"])
    return full_body(event, None if record is None else record.assessment)
