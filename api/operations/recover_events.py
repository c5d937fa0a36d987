"""Lets an endpoint have again what it missed: from a time on, or one delivery."""

from datetime import timedelta

from api.errors import Conflict, InvalidRequest, NotFound
from api.operations.runtime import Runtime
from api.storage import deliveries, fan_outs
from api.storage.pool import Connection
from api.storage.webhooks import StoredEndpoint
from schemas.problems import FieldError
from schemas.webhooks import Delivery, EndpointStatus, Recovery


async def recover_events(
    connection: Connection, runtime: Runtime, held: StoredEndpoint, recovery: Recovery
) -> StoredEndpoint:
    """The worker makes deliveries of all that the endpoint wants and did not get since then.

    Raises Conflict for an endpoint that is not active, InvalidRequest for a time before the oldest event kept.
    """
    check_active(held)
    oldest = runtime.clock.now() - timedelta(days=runtime.settings.events_kept_days)
    if recovery.since < oldest:
        detail = f"Events are kept for {runtime.settings.events_kept_days} days."
        error = FieldError(pointer="#/since", parameter=None, code="too_small", detail=detail)
        raise InvalidRequest(f"#/since: {detail}", errors=[error])
    after = await fan_outs.sequence_before(connection, recovery.since)
    await fan_outs.note_missed(connection, [held.endpoint.id], after)
    return held


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
