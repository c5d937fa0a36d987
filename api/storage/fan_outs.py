"""From the event log to deliveries: the jobs that wait, the endpoints that listen, the rows that are made."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from api.storage.pool import Connection

# Takes jobs, oldest first; those that another worker holds are left to it.
TAKE_FAN_OUTS = """
DELETE FROM fan_outs WHERE first_sequence IN (
    SELECT first_sequence FROM fan_outs ORDER BY first_sequence LIMIT $1 FOR UPDATE SKIP LOCKED
) RETURNING first_sequence, last_sequence
"""

# Who gets events.
SELECT_LISTENERS = """
SELECT id, account_id, event_types, predicate, breaker_until IS NOT NULL AND breaker_until > $1 AS open
FROM webhook_endpoints WHERE status = 'active'
"""

# Makes deliveries that are not there yet; one that had failed or was cancelled begins anew, for recoveries alone.
INSERT_DELIVERIES = """
INSERT INTO deliveries (id, endpoint_id, event_id, event_sequence, event_type, status, next_attempt_at,
                        created_at)
SELECT d.id, d.endpoint_id, d.event_id, d.event_sequence, d.event_type, 'pending', $6, $6
FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[])
     AS d (id, endpoint_id, event_id, event_sequence, event_type)
ON CONFLICT (endpoint_id, event_id) DO UPDATE
SET status = 'pending', attempts = 0, next_attempt_at = $6, finished_at = NULL
WHERE $7 AND deliveries.status IN ('failed', 'cancelled')
"""

# Notes what endpoints missed: everything between two numbers, or after the first where there is no second. What
# they had missed before is joined with it.
UPDATE_MISSED = """
UPDATE webhook_endpoints
SET missed_until = CASE
        WHEN $3::bigint IS NULL OR (missed_after IS NOT NULL AND missed_until IS NULL) THEN NULL
        ELSE greatest(missed_until, $3)
    END,
    missed_after = least(missed_after, $2)
WHERE id = ANY($1::text[])
"""

# An endpoint that has events to recover, and can take them; another worker's is left to it.
SELECT_MISSED = """
SELECT id, account_id, event_types, predicate, missed_after, missed_until FROM webhook_endpoints
WHERE missed_after IS NOT NULL AND status = 'active' AND (breaker_until IS NULL OR breaker_until <= $1)
ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
"""

# How far a recovery has come; null: it is over.
UPDATE_RECOVERED = """
UPDATE webhook_endpoints
SET missed_after = $2, missed_until = CASE WHEN $2::bigint IS NOT NULL THEN missed_until END
WHERE id = $1
"""

# The number of the first event at or after a time. Times rise with the numbers but for transactions that took
# long, of which none takes two minutes.
SELECT_FIRST_SINCE = """
SELECT min(sequence) FROM events
WHERE created_at >= $1
  AND created_at < (SELECT min(created_at) FROM events WHERE created_at >= $1) + interval '2 minutes'
"""

# The number of the last event up to a time, as above.
SELECT_LAST_UNTIL = """
SELECT max(sequence) FROM events
WHERE created_at <= $1
  AND created_at > (SELECT max(created_at) FROM events WHERE created_at <= $1) - interval '2 minutes'
"""


class Listener(Struct, kw_only=True, frozen=True):
    """What an endpoint wants. `event_types` empty: all."""

    id: str
    account_id: str
    event_types: frozenset[str]
    predicate: str | None


class Missed(Struct, kw_only=True, frozen=True):
    """What is to be recovered: what comes after a number, up to another where there is one."""

    listener: Listener
    after: int
    until: int | None


class NewDelivery(Struct, kw_only=True, frozen=True):
    id: str
    endpoint_id: str
    event_id: str
    event_sequence: int
    event_type: str


async def take_fan_outs(connection: Connection, limit: int) -> list[tuple[int, int]]:
    """First and last number of each job, which is over with the transaction."""
    rows = await connection.fetch(TAKE_FAN_OUTS, limit)
    return sorted((row["first_sequence"], row["last_sequence"]) for row in rows)


async def list_listeners(connection: Connection, now: datetime) -> tuple[list[Listener], list[Listener]]:
    """Those that take events, and those whose breaker is open."""
    rows = await connection.fetch(SELECT_LISTENERS, now)
    found = [(_listener(row), row["open"]) for row in rows]
    return [one for one, is_open in found if not is_open], [one for one, is_open in found if is_open]


async def insert_deliveries(
    connection: Connection, deliveries: Sequence[NewDelivery], at: datetime, *, again: bool = False
) -> None:
    """`again`: failed and cancelled ones begin anew; those that succeeded or wait are left as they are."""
    if deliveries:
        await connection.execute(
            INSERT_DELIVERIES,
            [delivery.id for delivery in deliveries],
            [delivery.endpoint_id for delivery in deliveries],
            [delivery.event_id for delivery in deliveries],
            [delivery.event_sequence for delivery in deliveries],
            [delivery.event_type for delivery in deliveries],
            at,
            again,
        )


async def note_missed(
    connection: Connection, endpoint_ids: Sequence[str], after: int, until: int | None = None
) -> None:
    """`until` None: all that comes after, until it is recovered."""
    if endpoint_ids:
        await connection.execute(UPDATE_MISSED, list(endpoint_ids), after, until)


async def find_missed(connection: Connection, now: datetime) -> Missed | None:
    """An endpoint, held, with what it missed."""
    row = await connection.fetchrow(SELECT_MISSED, now)
    if row is None:
        return None
    return Missed(listener=_listener(row), after=row["missed_after"], until=row["missed_until"])


async def set_recovered(connection: Connection, endpoint_id: str, through: int | None) -> None:
    await connection.execute(UPDATE_RECOVERED, endpoint_id, through)


async def first_since(connection: Connection, at: datetime) -> int | None:
    """None where nothing happened since."""
    found: int | None = await connection.fetchval(SELECT_FIRST_SINCE, at)
    return found


async def last_until(connection: Connection, at: datetime) -> int | None:
    """None where nothing happened until then."""
    found: int | None = await connection.fetchval(SELECT_LAST_UNTIL, at)
    return found


def _listener(row: Any) -> Listener:
    return Listener(
        id=row["id"],
        account_id=row["account_id"],
        event_types=frozenset(row["event_types"]),
        predicate=row["predicate"],
    )
