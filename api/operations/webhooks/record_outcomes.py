"""Writes down what came of attempts: deliveries, the log, the health of endpoints, who is disabled."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from api.runtime.runtime import Runtime
from api.storage.database.pool import Connection
from api.storage.log.events import NewEvent, append_events
from api.storage.webhooks import endpoint_health
from api.storage.webhooks.deliveries import Outcome, cancel_deliveries, record_outcomes
from api.storage.webhooks.endpoint_health import Failures
from api.storage.webhooks.fan_outs import take_back_untried
from api.webhooks.health import Health
from schemas.event_data import EndpointEventData
from schemas.events import EventType
from schemas.webhooks import DisabledReason

GONE = 410


async def write_outcomes(
    runtime: Runtime, outcomes: Sequence[Outcome], opened: Mapping[str, float], closed: Collection[str]
) -> None:
    """In one transaction. `opened` are endpoints whose breaker has opened, with the seconds that it stays so."""
    now = runtime.clock.now()
    well = {one.claimed.endpoint_id for one in outcomes if one.status == "succeeded"} | set(closed)
    pinged = {
        one.claimed.endpoint_id: one.claimed.url
        for one in outcomes
        if one.status == "succeeded" and one.claimed.event_type == EventType.WEBHOOK_PING
    }
    failed = {one.claimed.endpoint_id for one in outcomes if one.status in ("pending", "failed")}
    gone = {one.claimed.endpoint_id for one in outcomes if one.status_code == GONE}
    bad = gone | (failed - well)
    async with runtime.pool.transaction() as connection:
        # endpoints first, in their order, then deliveries in theirs, as whoever changes an endpoint: no deadlock
        held = await endpoint_health.hold_changing(connection, well | bad | set(opened), bad | set(opened))
        await record_outcomes(connection, outcomes)
        await endpoint_health.note_well(connection, sorted(well & held))
        await endpoint_health.activate(connection, {one: pinged[one] for one in held & set(pinged)}, now)
        events = []
        for endpoint_id in sorted(bad):
            event = await _note_failure(connection, runtime, endpoint_id, now, gone=endpoint_id in gone)
            events += [event] if event else []
        for endpoint_id, seconds in opened.items():
            await endpoint_health.set_breaker(connection, endpoint_id, now + timedelta(seconds=seconds))
            await take_back_untried(connection, endpoint_id)
        await append_events(connection, events, now)


async def _note_failure(
    connection: Connection, runtime: Runtime, endpoint_id: str, now: datetime, *, gone: bool
) -> NewEvent | None:
    """The event where this failure was the last one."""
    failures = await endpoint_health.lock_failures(connection, endpoint_id)
    if failures is None:
        return None
    health = Health(
        first_failure_at=failures.first_failure_at,
        last_failure_at=failures.last_failure_at,
        failing_since=failures.failing_since,
    ).after_failure(now)
    await endpoint_health.set_failures(
        connection, endpoint_id, health.first_failure_at, health.last_failure_at, health.failing_since
    )
    if not gone and not health.is_over(now):
        return None
    reason = DisabledReason.GONE if gone else DisabledReason.FAILING
    await endpoint_health.disable(connection, endpoint_id, reason, now)
    await cancel_deliveries(connection, endpoint_id, now)
    return _disabled(runtime, endpoint_id, failures, reason, health.failing_since)


def _disabled(
    runtime: Runtime, endpoint_id: str, failures: Failures, reason: DisabledReason, since: datetime | None
) -> NewEvent:
    data = EndpointEventData(endpoint_id=endpoint_id, url=failures.url, reason=reason, failing_since=since)
    return NewEvent(
        id=runtime.clock.new_id("evt"),
        type=EventType.ENDPOINT_DISABLED,
        account_id=failures.account_id,
        story_id=None,
        data=msgspec.to_builtins(data, builtin_types=(datetime,)),
    )
