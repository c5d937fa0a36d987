"""Lets an endpoint have again what it missed: from a time or a cursor on, or one delivery."""

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
    connection: Connection, runtime: Runtime, held: StoredEndpoint, recovery: Recovery
) -> StoredEndpoint:
    """The worker makes deliveries of all that the endpoint wants and did not get in that stretch of the log.

    Raises Conflict if the endpoint is not active; InvalidRequest if `until` lies before `since`; InvalidCursor if
    nothing can be read from the cursor; EventsForgotten if events since then are no longer kept.
    """
    check_active(held)
    if (recovery.since is None) == (recovery.after is None):
        raise _refusal("", "one_of", "Exactly one of since and after is needed.")
    if recovery.since and recovery.until and recovery.until < recovery.since:
        raise _refusal("/until", "too_small", "It lies before since.")
    after = await _begin(connection, held, recovery)
    until = None if recovery.until is None else await fan_outs.last_until(connection, recovery.until) or 0
    if after is not None and (until is None or until > after):
        await fan_outs.note_missed(connection, [held.endpoint.id], after, until)
    return held


async def _begin(connection: Connection, held: StoredEndpoint, recovery: Recovery) -> int | None:
    """The number after which the recovery begins; returns None if nothing happened since."""
    if recovery.since is not None:
        if await is_forgotten_since(connection, recovery.since):
            raise EventsForgotten("Not all events since then are kept: what you missed is unknown.")
        first = await fan_outs.first_since(connection, recovery.since)
        return None if first is None else first - 1
    after = await locate_event(connection, recovery.after or "", held.endpoint.account_id)
    bounds = await get_bounds(connection)
    check_cursor(bounds, after)
    return max(after, bounds.forgotten)  # who asks for all from 0 on means all that is kept


async def resend_delivery(
    connection: Connection, runtime: Runtime, held: StoredEndpoint, delivery_id: str
) -> Delivery:
    """Due at once, with its attempts before it. Raises what `recover_events` raises, NotFound."""
    check_active(held)
    found = await deliveries.resend(connection, delivery_id, held.endpoint.id, runtime.clock.now())
    if found is None:
        raise NotFound("There is no such delivery.")
    return found


def check_active(held: StoredEndpoint) -> None:
    """Raises Conflict for an endpoint that is not active."""
    if held.endpoint.status is not EndpointStatus.ACTIVE:
        raise Conflict("The endpoint is not active: enable it, and let it answer its ping.")


def _refusal(pointer: str, code: str, detail: str) -> InvalidRequest:
    error = FieldError(pointer=f"#{pointer}", parameter=None, code=code, detail=detail)
    return InvalidRequest(f"#{pointer}: {detail}", errors=[error])
