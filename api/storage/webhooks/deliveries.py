"""Deliveries, one per endpoint and event.

Delivery is at least once. A worker claims deliveries for a minute and records outcomes in batches; if it dies
or stalls, another worker sends them again with the same `webhook-id`. A rate limit is stored as the time of the
endpoint's next delivery, shared by all workers; deliveries that cannot start within a second are returned
without an attempt.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from api.storage.database.pool import Connection
from schemas.events import Event, EventType
from schemas.webhooks import Attempt, Delivery, DeliveryStatus
from schemas.wire import encode_json

# A message outside the event log, due at once.
INSERT_MESSAGE = """
INSERT INTO deliveries (id, endpoint_id, event_id, event_type, message, status, next_attempt_at, created_at)
VALUES ($1, $2, $3, $4, $5, 'pending', $6, $6)
"""

# Locks an endpoint's pending deliveries, in the order in which outcomes are recorded.
LOCK_WAITING = """
SELECT id FROM deliveries WHERE endpoint_id = $1 AND status = 'pending' ORDER BY id FOR UPDATE
"""

# Cancels an endpoint's pending deliveries.
CANCEL_DELIVERIES = """
UPDATE deliveries SET status = 'cancelled', next_attempt_at = NULL, finished_at = $2
WHERE endpoint_id = $1 AND status = 'pending'
"""

# Cancels an endpoint's pending pings.
CANCEL_PINGS = """
UPDATE deliveries SET status = 'cancelled', next_attempt_at = NULL, finished_at = $2
WHERE endpoint_id = $1 AND status = 'pending' AND event_type = 'webhook.ping'
"""

# Cancels an endpoint's pending deliveries of logged events, and returns the first event's number.
CANCEL_LOGGED = """
WITH ended AS (
    UPDATE deliveries SET status = 'cancelled', next_attempt_at = NULL, finished_at = $2
    WHERE endpoint_id = $1 AND status = 'pending' AND event_sequence IS NOT NULL RETURNING event_sequence
)
SELECT min(event_sequence) FROM ended
"""

# A page of an endpoint's deliveries, newest first.
SELECT_DELIVERIES = """
SELECT id, endpoint_id, event_id, event_sequence, event_type, status, attempts, next_attempt_at, created_at,
       finished_at, succeeded_at
FROM deliveries
WHERE endpoint_id = $1 AND ($2::text IS NULL OR status = $2) AND ($3::text IS NULL OR event_type = $3)
  AND ($4::text IS NULL OR id < $4)
ORDER BY id DESC LIMIT $5
"""

# A page of an endpoint's attempts, newest first.
SELECT_ATTEMPTS = """
SELECT id, delivery_id, endpoint_id, number, attempted_at, status_code, latency_ms, error, answer
FROM delivery_attempts
WHERE endpoint_id = $1 AND ($2::text IS NULL OR delivery_id = $2) AND ($3::text IS NULL OR id < $3)
ORDER BY id DESC LIMIT $4
"""

# Restarts a finished delivery with the same event id; makes a pending one due.
UPDATE_RESENT = """
UPDATE deliveries SET status = 'pending', attempts_before = attempts, next_attempt_at = $3, finished_at = NULL
WHERE id = $1 AND endpoint_id = $2
RETURNING id, endpoint_id, event_id, event_sequence, event_type, status, attempts, next_attempt_at, created_at,
          finished_at, succeeded_at
"""

# Claims due deliveries until the lease ends.
CLAIM_DUE = """
WITH due AS (
    SELECT d.id FROM deliveries d
    WHERE d.status = 'pending' AND d.next_attempt_at <= $1 AND d.endpoint_id <> ALL($2::text[])
    ORDER BY d.next_attempt_at LIMIT $3 FOR UPDATE SKIP LOCKED
)
UPDATE deliveries d SET next_attempt_at = $1 + $4::interval, claims = d.claims + 1
FROM due, webhook_endpoints e WHERE d.id = due.id AND e.id = d.endpoint_id
RETURNING d.id, d.endpoint_id, d.event_id, d.event_sequence, d.event_type, d.message, d.claims,
          d.attempts - d.attempts_before AS attempts,
          e.url, e.payload, e.status AS endpoint_status, e.row_version, e.headers,
          e.rate_limit IS NOT NULL AS limited
"""

# Locks deliveries, in the order of cancellations.
LOCK_DELIVERIES = """
SELECT id FROM deliveries WHERE id = ANY($1::text[]) AND status = 'pending' ORDER BY id FOR NO KEY UPDATE
"""

# Records outcomes, if their claim is still valid.
RECORD_OUTCOMES = """
UPDATE deliveries d
SET status = o.status, next_attempt_at = o.next_attempt_at, attempts = d.attempts + 1,
    finished_at = CASE WHEN o.status = 'pending' THEN NULL ELSE o.at END,
    succeeded_at = coalesce(d.succeeded_at, CASE WHEN o.status = 'succeeded' THEN o.at END)
FROM unnest($1::text[], $2::integer[], $3::text[], $4::timestamptz[], $5::timestamptz[])
     AS o (id, claims, status, next_attempt_at, at)
WHERE d.id = o.id AND d.claims = o.claims AND d.status = 'pending'
"""

# Logs attempts of existing deliveries.
INSERT_ATTEMPTS = """
INSERT INTO delivery_attempts (id, delivery_id, endpoint_id, number, attempted_at, status_code, latency_ms, error,
                               answer)
SELECT o.id, d.id, d.endpoint_id, d.attempts, o.at, o.status_code, o.latency_ms, o.error, o.answer
FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::integer[], $5::integer[], $6::text[], $7::text[])
     AS o (id, delivery_id, at, status_code, latency_ms, error, answer)
JOIN deliveries d ON d.id = o.delivery_id
"""

# Deletes old finished deliveries, up to a limit.
DELETE_OLD_DELIVERIES = """
DELETE FROM deliveries WHERE id IN (
    SELECT id FROM deliveries WHERE created_at < $1 AND status <> 'pending' ORDER BY id LIMIT $2
) RETURNING id
"""


class Claimed(Struct, kw_only=True, frozen=True):
    """A claimed delivery. `message`: an event outside the log; `headers` are encrypted.

    `attempts` counts those since it was last resent. `row_version` is the endpoint's at the time of the claim.
    """

    id: str
    endpoint_id: str
    event_id: str
    event_sequence: int | None
    event_type: str
    message: str | None
    attempts: int
    claims: int
    url: str
    payload: str
    endpoint_status: str
    row_version: int
    headers: bytes | None
    limited: bool


class Outcome(Struct, kw_only=True, frozen=True):
    """The result of an attempt from `began` to `at`; `status` is the delivery's new status."""

    claimed: Claimed
    attempt_id: str
    began: datetime
    at: datetime
    status: str
    next_attempt_at: datetime | None
    status_code: int | None
    latency_ms: int
    error: str | None
    answer: str


async def insert_message(
    connection: Connection, delivery_id: str, endpoint_id: str, message: Event, at: datetime
) -> str:
    """Returns the delivery's id."""
    await connection.execute(
        INSERT_MESSAGE,
        delivery_id,
        endpoint_id,
        message.id,
        message.type.value,
        encode_json(message).decode(),
        at,
    )
    return delivery_id


async def list_deliveries(
    connection: Connection,
    endpoint_id: str,
    *,
    status: str | None,
    event_type: str | None,
    below_id: str | None,
    limit: int,
) -> list[Delivery]:
    rows = await connection.fetch(SELECT_DELIVERIES, endpoint_id, status, event_type, below_id, limit)
    return [_delivery(row) for row in rows]


async def list_attempts(
    connection: Connection, endpoint_id: str, *, delivery_id: str | None, below_id: str | None, limit: int
) -> list[Attempt]:
    rows = await connection.fetch(SELECT_ATTEMPTS, endpoint_id, delivery_id, below_id, limit)
    return [Attempt(**dict(row)) for row in rows]


async def resend(connection: Connection, delivery_id: str, endpoint_id: str, at: datetime) -> Delivery | None:
    """None if the endpoint has no such delivery."""
    row = await connection.fetchrow(UPDATE_RESENT, delivery_id, endpoint_id, at)
    return None if row is None else _delivery(row)


def _delivery(row: Any) -> Delivery:
    values = dict(row)
    kinds = {"event_type": EventType(row["event_type"]), "status": DeliveryStatus(row["status"])}
    return Delivery(**values | kinds)


async def hold_deliveries(connection: Connection, delivery_ids: Sequence[str]) -> None:
    """Lock deliveries until the transaction ends."""
    await connection.execute(LOCK_DELIVERIES, list(delivery_ids))


async def hold_waiting(connection: Connection, endpoint_id: str) -> None:
    """Lock the endpoint's pending deliveries until the transaction ends."""
    await connection.execute(LOCK_WAITING, endpoint_id)


async def cancel_deliveries(connection: Connection, endpoint_id: str, at: datetime) -> None:
    await hold_waiting(connection, endpoint_id)
    await connection.execute(CANCEL_DELIVERIES, endpoint_id, at)


async def cancel_pings(connection: Connection, endpoint_id: str, at: datetime) -> None:
    await hold_waiting(connection, endpoint_id)
    await connection.execute(CANCEL_PINGS, endpoint_id, at)


async def cancel_logged(connection: Connection, endpoint_id: str, at: datetime) -> int | None:
    """The number of the first cancelled event; None if none was pending."""
    await hold_waiting(connection, endpoint_id)
    first: int | None = await connection.fetchval(CANCEL_LOGGED, endpoint_id, at)
    return first


async def claim_due(
    connection: Connection, now: datetime, *, lease: timedelta, spared: Sequence[str], limit: int
) -> list[Claimed]:
    """Due deliveries in order, except of the `spared` endpoints. They are due again after `lease`."""
    rows = await connection.fetch(CLAIM_DUE, now, list(spared), limit, lease)
    return sorted((Claimed(**dict(row)) for row in rows), key=lambda claimed: claimed.id)


async def record_outcomes(connection: Connection, outcomes: Sequence[Outcome]) -> None:
    """Record attempts. The status changes only if this worker's claim is still valid."""
    await hold_deliveries(connection, [one.claimed.id for one in outcomes])
    await connection.execute(
        RECORD_OUTCOMES,
        [one.claimed.id for one in outcomes],
        [one.claimed.claims for one in outcomes],
        [one.status for one in outcomes],
        [one.next_attempt_at for one in outcomes],
        [one.at for one in outcomes],
    )
    await connection.execute(
        INSERT_ATTEMPTS,
        [one.attempt_id for one in outcomes],
        [one.claimed.id for one in outcomes],
        [one.began for one in outcomes],
        [one.status_code for one in outcomes],
        [one.latency_ms for one in outcomes],
        [one.error for one in outcomes],
        [one.answer for one in outcomes],
    )


async def delete_old_deliveries(connection: Connection, before: datetime, limit: int) -> int:
    """The number deleted."""
    return len(await connection.fetch(DELETE_OLD_DELIVERIES, before, limit))
