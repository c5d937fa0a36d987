"""Claims due deliveries with their payloads, and records the outcomes of attempts."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

import msgspec
from msgspec import Struct

from api.runtime.key_ring import key_ring
from api.runtime.runtime import Runtime
from api.storage.database.pool import Connection
from api.storage.log.events import NewEvent, append_events, list_events_by_number
from api.storage.stories.verdicts import get_verdict
from api.storage.webhooks import endpoint_health
from api.storage.webhooks.deliveries import Claimed, Outcome, cancel_deliveries, claim_due, record_outcomes
from api.storage.webhooks.delivery_rates import lock_paces, put_back, set_paces
from api.storage.webhooks.endpoint_health import Failures
from api.storage.webhooks.fan_outs import take_back_untried
from api.storage.webhooks.webhooks import list_secrets
from api.webhooks.encryption import KeyRing, open_headers
from api.webhooks.health import Health
from api.webhooks.pacing import beginnings
from api.webhooks.payloads import WITH_VERDICT, full_body, thin_body
from schemas.event_data import EndpointEventData
from schemas.events import Event, EventType
from schemas.webhooks import DisabledReason

_LOCKED_RETRY: Final = timedelta(milliseconds=200)


class Due(Struct, kw_only=True, frozen=True):
    """A delivery that may begin at `begins`. `body` is None if there is nothing to send any more.

    `secrets` is empty if no key of the ring opens the endpoint's secrets.
    """

    claimed: Claimed
    body: bytes | None
    secrets: list[str]
    headers: dict[str, str]
    begins: datetime


class ClaimedBatch(Struct, kw_only=True, frozen=True):
    """`looked_at` counts the due deliveries; `paced` gives each rate-limited endpoint's next start."""

    looked_at: int
    due: list[Due]
    paced: dict[str, datetime]


async def take_due(runtime: Runtime, *, lease: timedelta, spared: Sequence[str], limit: int) -> ClaimedBatch:
    """Claim at most `limit` due deliveries for `lease`, except those of `spared` endpoints."""
    now = runtime.clock.now()
    async with runtime.pool.transaction() as connection:
        claimed = await claim_due(connection, now, lease=lease, spared=spared, limit=limit)
        if not claimed:
            return ClaimedBatch(looked_at=0, due=[], paced={})
        ring = key_ring(runtime.settings)
        begins, paced = await _pace(connection, [one for one in claimed if not _waits_for_ping(one)], now)
        taken = [one for one in claimed if one.id in begins]
        sealed = await list_secrets(connection, sorted({one.endpoint_id for one in taken}), now)
        bodies = await write_payloads(connection, taken)
    secrets: defaultdict[str, list[str]] = defaultdict(list)
    for secret in sealed:
        if (opened := _decrypt(ring, secret.sealed, secret.endpoint_id)) is not None:
            secrets[secret.endpoint_id].append(opened)
    due = [_due(ring, one, bodies, secrets[one.endpoint_id], begins[one.id]) for one in taken]
    return ClaimedBatch(looked_at=len(claimed), due=due, paced=paced)


def _waits_for_ping(claimed: Claimed) -> bool:
    """Whether the endpoint has not confirmed its new URL yet: the event was queued before the change.

    Such a delivery stays claimed until its lease ends.
    """
    return claimed.endpoint_status == "pending" and claimed.event_sequence is not None


def _due(
    ring: KeyRing,
    claimed: Claimed,
    bodies: Mapping[tuple[str, str], bytes],
    secrets: list[str],
    begins: datetime,
) -> Due:
    try:
        headers = open_headers(ring, claimed.headers, claimed.endpoint_id)
    except ValueError:
        headers, secrets = {}, []
    body = None if claimed.endpoint_status == "disabled" else bodies.get((claimed.event_id, claimed.payload))
    return Due(claimed=claimed, body=body, secrets=secrets, headers=headers, begins=begins)


async def _pace(
    connection: Connection, claimed: Sequence[Claimed], now: datetime
) -> tuple[dict[str, datetime], dict[str, datetime]]:
    """Start times by delivery id, and `ClaimedBatch.paced`; later deliveries are put back."""
    begins = {one.id: now for one in claimed if not one.limited}
    waiting: defaultdict[str, list[str]] = defaultdict(list)
    for one in claimed:
        if one.limited:
            waiting[one.endpoint_id].append(one.id)
    if not waiting:
        return begins, {}
    later, paced = {}, dict.fromkeys(waiting, now + _LOCKED_RETRY)
    for pace in await lock_paces(connection, sorted(waiting)):
        times, paced[pace.id] = beginnings(len(waiting[pace.id]), pace.rate_limit, pace.paced_until, now)
        begins |= dict(zip(waiting[pace.id], times, strict=False))
        later[pace.id] = paced[pace.id]
    await set_paces(connection, later)
    rest = {
        delivery: paced[endpoint]
        for endpoint, deliveries in waiting.items()
        for delivery in deliveries
        if delivery not in begins
    }
    await put_back(connection, rest)
    return begins, paced


@lru_cache(20_000)
def _decrypt(ring: KeyRing, sealed: bytes, endpoint_id: str) -> str | None:
    """The secret; returns None if no key of the ring fits.

    Cached, because decryption costs more than sending.
    """
    try:
        return ring.open(sealed, endpoint_id)
    except ValueError:
        return None


async def write_payloads(connection: Connection, claimed: Sequence[Claimed]) -> dict[tuple[str, str], bytes]:
    """Bodies by event id and kind of payload; forgotten events have none."""
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


GONE = 410


async def write_outcomes(
    runtime: Runtime, outcomes: Sequence[Outcome], opened: Mapping[str, float], closed: Collection[str]
) -> None:
    """Record outcomes in one transaction. `opened` maps endpoints whose breaker opened to seconds."""
    now = runtime.clock.now()
    succeeded = {one.claimed.endpoint_id for one in outcomes if one.status == "succeeded"} | set(closed)
    pinged = {
        one.claimed.endpoint_id: one.claimed.url
        for one in outcomes
        if one.status == "succeeded" and one.claimed.event_type == EventType.WEBHOOK_PING
    }
    failed = {one.claimed.endpoint_id for one in outcomes if one.status in ("pending", "failed")}
    gone = {one.claimed.endpoint_id for one in outcomes if one.status_code == GONE}
    bad = gone | (failed - succeeded)
    async with runtime.pool.transaction() as connection:
        # same lock order as changes of an endpoint, to avoid deadlocks: endpoints by id, then deliveries
        locked = await endpoint_health.hold_changing(
            connection, succeeded | bad | set(opened), bad | set(opened)
        )
        await record_outcomes(connection, outcomes)
        await endpoint_health.note_well(connection, sorted(succeeded & locked))
        await endpoint_health.activate(connection, {one: pinged[one] for one in locked & set(pinged)}, now)
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
    """Count a failure; returns an event if it disables the endpoint."""
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
