"""Sends an endpoint missed events again: since a time or cursor, or one delivery."""

from api.errors import Conflict, EventsForgotten, InvalidRequest, NotFound
from api.operations.webhooks.read_events import check_cursor, locate_event
from api.runtime.runtime import Runtime
from api.storage.database.pool import Connection
from api.storage.log.events import get_bounds, is_forgotten_since
from api.storage.webhooks import deliveries, fan_outs
from api.storage.webhooks.webhooks import StoredEndpoint
from schemas.problems import FieldError
from schemas.webhooks import Delivery, EndpointStatus, Recovery


async def recover_events(
    connection: Connection, runtime: Runtime, stored: StoredEndpoint, recovery: Recovery
) -> StoredEndpoint:
    """Schedule deliveries of all matching events in the range that the endpoint did not get.

    Raises Conflict if the endpoint is not active; InvalidRequest if `until` is before `since`; InvalidCursor;
    EventsForgotten if events in the range are deleted.
    """
    check_active(stored)
    if (recovery.since is None) == (recovery.after is None):
        raise _refusal("", "one_of", "Exactly one of since and after is needed.")
    if recovery.since and recovery.until and recovery.until < recovery.since:
        raise _refusal("/until", "too_small", "It must not be before since.")
    after = await _begin(connection, stored, recovery)
    until = None if recovery.until is None else await fan_outs.last_until(connection, recovery.until) or 0
    if after is not None and (until is None or until > after):
        await fan_outs.note_missed(connection, [stored.endpoint.id], after, until)
    return stored


async def _begin(connection: Connection, stored: StoredEndpoint, recovery: Recovery) -> int | None:
    """The event number before the range; returns None if there is no later event."""
    if recovery.since is not None:
        if await is_forgotten_since(connection, recovery.since):
            raise EventsForgotten("Some events since then are deleted, so the missed ones are unknown.")
        first = await fan_outs.first_since(connection, recovery.since)
        return None if first is None else first - 1
    after = await locate_event(connection, recovery.after or "", stored.endpoint.account_id)
    bounds = await get_bounds(connection)
    check_cursor(bounds, after)
    return max(after, bounds.forgotten)  # 0 means the oldest stored event


async def resend_delivery(
    connection: Connection, runtime: Runtime, stored: StoredEndpoint, delivery_id: str
) -> Delivery:
    """The delivery, due at once, with its earlier attempts. Raises Conflict and NotFound."""
    check_active(stored)
    found = await deliveries.resend(connection, delivery_id, stored.endpoint.id, runtime.clock.now())
    if found is None:
        raise NotFound("There is no such delivery.")
    return found


def check_active(stored: StoredEndpoint) -> None:
    """Raises Conflict if the endpoint is not active."""
    if stored.endpoint.status is not EndpointStatus.ACTIVE:
        raise Conflict("The endpoint is not active. Enable it; it must answer a ping.")


def _refusal(pointer: str, code: str, detail: str) -> InvalidRequest:
    error = FieldError(pointer=f"#{pointer}", parameter=None, code=code, detail=detail)
    return InvalidRequest(f"#{pointer}: {detail}", errors=[error])
