"""Deliveries: one an endpoint and event, taken by workers when they are due.

Delivery is at least once. A worker takes deliveries for a minute and writes down their outcomes in batches; if
it dies, or sleeps past that minute, another sends them again under the same `webhook-id`. An endpoint's rate
limit is a time in its row, from which its next delivery may begin, so that all workers together keep to it; a
delivery that cannot begin within a second is put back without an attempt.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from api.storage.database.pool import Connection
from schemas.events import Event, EventType
from schemas.webhooks import Attempt, Delivery, DeliveryStatus
from schemas.wire import encode_json

# A message that stands in no log, due at once.
INSERT_MESSAGE = """
INSERT INTO deliveries (id, endpoint_id, event_id, event_type, message, status, next_attempt_at, created_at)
VALUES ($1, $2, $3, $4, $5, 'pending', $6, $6)
"""

# Holds what waits for an endpoint, in the order in which those who write down what came of it hold theirs.
LOCK_WAITING = """
SELECT id FROM deliveries WHERE endpoint_id = $1 AND status = 'pending' ORDER BY id FOR UPDATE
"""

# Ends what waits for an endpoint.
CANCEL_DELIVERIES = """
UPDATE deliveries SET status = 'cancelled', next_attempt_at = NULL, finished_at = $2
WHERE endpoint_id = $1 AND status = 'pending'
"""

# Ends the pings that wait for an endpoint.
CANCEL_PINGS = """
UPDATE deliveries SET status = 'cancelled', next_attempt_at = NULL, finished_at = $2
WHERE endpoint_id = $1 AND status = 'pending' AND event_type = 'webhook.ping'
"""

# Ends what waits for an endpoint and can be recovered from the log, and says where that begins.
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
       finished_at
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

# Lets a delivery that is over begin anew, under the id of its event; one that waits is due at once.
UPDATE_RESENT = """
UPDATE deliveries SET status = 'pending', attempts = 0, next_attempt_at = $3, finished_at = NULL
WHERE id = $1 AND endpoint_id = $2
RETURNING id, endpoint_id, event_id, event_sequence, event_type, status, attempts, next_attempt_at, created_at,
          finished_at
"""

# Takes what is due; the time at which it is due again is that of the lease.
CLAIM_DUE = """
WITH due AS (
    SELECT d.id FROM deliveries d
    WHERE d.status = 'pending' AND d.next_attempt_at <= $1 AND d.endpoint_id <> ALL($2::text[])
    ORDER BY d.next_attempt_at LIMIT $3 FOR UPDATE SKIP LOCKED
)
UPDATE deliveries d SET next_attempt_at = $1 + $4::interval, claims = d.claims + 1
FROM due, webhook_endpoints e WHERE d.id = due.id AND e.id = d.endpoint_id
RETURNING d.id, d.endpoint_id, d.event_id, d.event_sequence, d.event_type, d.message, d.attempts, d.claims,
          e.url, e.payload, e.status AS endpoint_status, e.row_version, e.headers,
          e.rate_limit IS NOT NULL AS limited
"""

# Holds deliveries in the same order as whoever ends those of an endpoint.
LOCK_DELIVERIES = """
SELECT id FROM deliveries WHERE id = ANY($1::text[]) AND status = 'pending' ORDER BY id FOR NO KEY UPDATE
"""

# What came of attempts, by those that still hold their delivery.
RECORD_OUTCOMES = """
UPDATE deliveries d
SET status = o.status, next_attempt_at = o.next_attempt_at, attempts = d.attempts + 1,
    finished_at = CASE WHEN o.status = 'pending' THEN NULL ELSE o.at END
FROM unnest($1::text[], $2::integer[], $3::text[], $4::timestamptz[], $5::timestamptz[])
     AS o (id, claims, status, next_attempt_at, at)
WHERE d.id = o.id AND d.claims = o.claims AND d.status = 'pending'
"""

# The log of attempts, of deliveries that are still there.
INSERT_ATTEMPTS = """
INSERT INTO delivery_attempts (id, delivery_id, endpoint_id, number, attempted_at, status_code, latency_ms, error,
                               answer)
SELECT o.id, d.id, d.endpoint_id, d.attempts, o.at, o.status_code, o.latency_ms, o.error, o.answer
FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::integer[], $5::integer[], $6::text[], $7::text[])
     AS o (id, delivery_id, at, status_code, latency_ms, error, answer)
JOIN deliveries d ON d.id = o.delivery_id
"""

# Forgets deliveries that are long over, at most some at a time.
DELETE_OLD_DELIVERIES = """
DELETE FROM deliveries WHERE id IN (
    SELECT id FROM deliveries WHERE created_at < $1 AND status <> 'pending' ORDER BY id LIMIT $2
) RETURNING id
"""


class Claimed(Struct, kw_only=True, frozen=True):
    """A delivery in this worker's hands. `message` is an event that stands in no log, `headers` are sealed.

    `row_version` is the endpoint's when it was taken.
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
    """What came of one attempt, from `began` to `at`; `status` is what the delivery is now."""

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
    """The delivery's id."""
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
    """None where the endpoint has no such delivery."""
    row = await connection.fetchrow(UPDATE_RESENT, delivery_id, endpoint_id, at)
    return None if row is None else _delivery(row)


def _delivery(row: Any) -> Delivery:
    values = dict(row)
    kinds = {"event_type": EventType(row["event_type"]), "status": DeliveryStatus(row["status"])}
    return Delivery(**values | kinds)


async def hold_deliveries(connection: Connection, delivery_ids: Sequence[str]) -> None:
    """Whoever ends some of them waits until the transaction ends."""
    await connection.execute(LOCK_DELIVERIES, list(delivery_ids))


async def hold_waiting(connection: Connection, endpoint_id: str) -> None:
    """Nothing is written down of what waits for the endpoint until the transaction ends."""
    await connection.execute(LOCK_WAITING, endpoint_id)


async def cancel_deliveries(connection: Connection, endpoint_id: str, at: datetime) -> None:
    await hold_waiting(connection, endpoint_id)
    await connection.execute(CANCEL_DELIVERIES, endpoint_id, at)


async def cancel_pings(connection: Connection, endpoint_id: str, at: datetime) -> None:
    await hold_waiting(connection, endpoint_id)
    await connection.execute(CANCEL_PINGS, endpoint_id, at)


async def cancel_logged(connection: Connection, endpoint_id: str, at: datetime) -> int | None:
    """The number of the first event whose delivery this ends; None where none waits."""
    await hold_waiting(connection, endpoint_id)
    first: int | None = await connection.fetchval(CANCEL_LOGGED, endpoint_id, at)
    return first


async def claim_due(
    connection: Connection, now: datetime, *, lease: timedelta, spared: Sequence[str], limit: int
) -> list[Claimed]:
    """Deliveries that are due, in their order, none of the `spared` endpoints.

    They are due again after `lease`, should this worker die with them.
    """
    rows = await connection.fetch(CLAIM_DUE, now, list(spared), limit, lease)
    return sorted((Claimed(**dict(row)) for row in rows), key=lambda claimed: claimed.id)


async def record_outcomes(connection: Connection, outcomes: Sequence[Outcome]) -> None:
    """What came of attempts. Those whose delivery another worker took meanwhile change its state no more."""
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
    """How many were forgotten, with their attempts."""
    return len(await connection.fetch(DELETE_OLD_DELIVERIES, before, limit))
