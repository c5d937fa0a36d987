"""Fan-out: from the event log to deliveries.

The statement that appends events also writes the fan-out job, so no caller can forget subscribers, and the job
contains the events' numbers without a longer lock on the counter. With the queue's table, each caller would
have to add the job before the numbers are known.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from api.storage.database.pool import Connection

# The number of active endpoints; null without a job.
SELECT_IF_ANY = """
SELECT CASE WHEN EXISTS (SELECT FROM fan_outs) THEN (
    SELECT count(*) FROM webhook_endpoints WHERE status = 'active'
) END
"""

# Locks jobs, oldest first, except those of other workers.
LOCK_FAN_OUTS = """
SELECT first_sequence, last_sequence FROM fan_outs ORDER BY first_sequence LIMIT $1 FOR UPDATE SKIP LOCKED
"""

# Deletes finished jobs.
DELETE_FAN_OUTS = """
DELETE FROM fan_outs WHERE first_sequence = ANY($1::bigint[])
"""

# Shortens a job to the events from a number on.
UPDATE_FAN_OUT = """
UPDATE fan_outs SET first_sequence = $2 WHERE first_sequence = $1
"""

# The active endpoints.
SELECT_LISTENERS = """
SELECT id, account_id, event_types, predicate, breaker_until IS NOT NULL AND breaker_until > $1 AS open
FROM webhook_endpoints WHERE status = 'active'
"""

# Creates missing deliveries; for recoveries, restarts failed and cancelled ones.
INSERT_DELIVERIES = """
INSERT INTO deliveries (id, endpoint_id, event_id, event_sequence, event_type, status, next_attempt_at,
                        created_at)
SELECT d.id, d.endpoint_id, d.event_id, d.event_sequence, d.event_type, 'pending', $6, $6
FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[])
     AS d (id, endpoint_id, event_id, event_sequence, event_type)
ON CONFLICT (endpoint_id, event_id) DO UPDATE
SET status = 'pending', attempts_before = deliveries.attempts, next_attempt_at = $6, finished_at = NULL
WHERE $7 AND deliveries.status IN ('failed', 'cancelled')
"""

# The last event whose deliveries have all been created.
SELECT_BROUGHT = """
SELECT COALESCE((SELECT min(first_sequence) - 1 FROM fan_outs), (SELECT n FROM event_counter))
"""

# Records missed events: a range, or all after a number; merged with earlier ones.
UPDATE_MISSED = """
UPDATE webhook_endpoints
SET missed_until = CASE
        WHEN $3::bigint IS NULL OR (missed_after IS NOT NULL AND missed_until IS NULL) THEN NULL
        ELSE greatest(missed_until, $3)
    END,
    missed_after = least(missed_after, $2)
WHERE id = ANY($1::text[])
"""

# Locks the next endpoint by id with missed events, a closed circuit breaker and few due deliveries (none after
# a failure), unless another worker has it.
SELECT_MISSED = """
SELECT id, account_id, url, event_types, predicate, missed_after, missed_until,
       first_failure_at IS NOT NULL AS failing
FROM webhook_endpoints e
WHERE id > $3 AND missed_after IS NOT NULL AND status = 'active'
  AND (breaker_until IS NULL OR breaker_until <= $1)
  AND (SELECT count(*) FROM (
           SELECT FROM deliveries d
           WHERE d.endpoint_id = e.id AND d.status = 'pending' AND d.next_attempt_at <= $1 LIMIT $2
       ) AS due) < CASE WHEN first_failure_at IS NULL THEN $2 ELSE 1 END
ORDER BY id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
"""

# Endpoints with more due deliveries than a limit.
SELECT_BEHIND = """
SELECT endpoint_id FROM deliveries WHERE status = 'pending' AND next_attempt_at <= $1
GROUP BY endpoint_id HAVING count(*) > $2
"""

# Deletes untried pending deliveries of logged events, to be recovered later; returns the first number. Locked
# ones stay.
DELETE_UNTRIED = """
WITH untried AS (
    DELETE FROM deliveries WHERE id IN (
        SELECT id FROM deliveries
        WHERE endpoint_id = $1 AND status = 'pending' AND attempts = 0 AND event_sequence IS NOT NULL
        FOR UPDATE SKIP LOCKED
    )
    RETURNING event_sequence
)
SELECT min(event_sequence) FROM untried
"""

# The position of a recovery; null if it is finished.
UPDATE_RECOVERED = """
UPDATE webhook_endpoints
SET missed_after = $2, missed_until = CASE WHEN $2::bigint IS NOT NULL THEN missed_until END
WHERE id = $1
"""

# The last event that an endpoint lost.
UPDATE_LOST = """
UPDATE webhook_endpoints SET lost_through = greatest(lost_through, $2) WHERE id = $1
"""

# The first event at or after a time. Times increase with numbers, except for long transactions of up to two
# minutes.
SELECT_FIRST_SINCE = """
SELECT min(sequence) FROM events
WHERE created_at >= $1
  AND created_at < (SELECT min(created_at) FROM events WHERE created_at >= $1) + interval '2 minutes'
"""

# The last event up to a time, as above.
SELECT_LAST_UNTIL = """
SELECT max(sequence) FROM events
WHERE created_at <= $1
  AND created_at > (SELECT max(created_at) FROM events WHERE created_at <= $1) - interval '2 minutes'
"""


class Listener(Struct, kw_only=True, frozen=True):
    """An endpoint's subscription. Empty `event_types`: all. `open`: its circuit breaker is open."""

    id: str
    account_id: str
    event_types: frozenset[str]
    predicate: str | None
    open: bool = False


class Missed(Struct, kw_only=True, frozen=True):
    """Events to recover: after a number, optionally up to another. `failing`: the last delivery failed."""

    listener: Listener
    url: str
    failing: bool
    after: int
    until: int | None


class NewDelivery(Struct, kw_only=True, frozen=True):
    id: str
    endpoint_id: str
    event_id: str
    event_sequence: int
    event_type: str


async def listeners_if_any(connection: Connection) -> int | None:
    """The approximate number of active endpoints; None without a job."""
    count: int | None = await connection.fetchval(SELECT_IF_ANY)
    return count


async def take_fan_outs(connection: Connection, jobs: int, events: int) -> list[tuple[int, int]]:
    """The number ranges of up to `jobs` jobs and `events` events, deleted with the transaction."""
    taken, ended = list[tuple[int, int]](), list[int]()
    for row in await connection.fetch(LOCK_FAN_OUTS, jobs):
        first, last = row["first_sequence"], row["last_sequence"]
        if last - first >= events:
            if events > 0:
                await connection.execute(UPDATE_FAN_OUT, first, first + events)
                taken.append((first, first + events - 1))
            break
        events -= last - first + 1
        taken.append((first, last))
        ended.append(first)
    if ended:
        await connection.execute(DELETE_FAN_OUTS, ended)
    return taken


async def list_listeners(connection: Connection, now: datetime) -> list[Listener]:
    return [_listener(row, is_open=row["open"]) for row in await connection.fetch(SELECT_LISTENERS, now)]


async def insert_deliveries(
    connection: Connection, deliveries: Sequence[NewDelivery], at: datetime, *, again: bool = False
) -> None:
    """`again`: restart failed and cancelled deliveries."""
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
    """`until` None: all later events, until they are recovered."""
    if endpoint_ids:
        await connection.execute(UPDATE_MISSED, list(endpoint_ids), after, until)


async def brought_through(connection: Connection) -> int:
    """The number up to which all deliveries have been created."""
    number: int = await connection.fetchval(SELECT_BROUGHT)
    return number


async def find_missed(connection: Connection, now: datetime, most_due: int, after_id: str) -> Missed | None:
    """The next endpoint after an id, locked, with its missed events, if fewer than `most_due` deliveries are
    due.
    """
    row = await connection.fetchrow(SELECT_MISSED, now, most_due, after_id)
    if row is None:
        return None
    return Missed(
        listener=_listener(row),
        url=row["url"],
        failing=row["failing"],
        after=row["missed_after"],
        until=row["missed_until"],
    )


async def list_behind(connection: Connection, now: datetime, most_due: int) -> list[str]:
    """The endpoints with more than `most_due` due deliveries."""
    return [row["endpoint_id"] for row in await connection.fetch(SELECT_BEHIND, now, most_due)]


async def take_back_untried(connection: Connection, endpoint_id: str) -> None:
    """Delete the endpoint's untried deliveries, to be recovered from the log later."""
    first = await connection.fetchval(DELETE_UNTRIED, endpoint_id)
    if first is not None:
        await note_missed(connection, [endpoint_id], first - 1)


async def set_recovered(connection: Connection, endpoint_id: str, through: int | None) -> None:
    await connection.execute(UPDATE_RECOVERED, endpoint_id, through)


async def note_lost(connection: Connection, endpoint_id: str, through: int) -> None:
    """Some events up to this number were deleted before the endpoint received them."""
    await connection.execute(UPDATE_LOST, endpoint_id, through)


async def first_since(connection: Connection, at: datetime) -> int | None:
    """None if there is no later event."""
    found: int | None = await connection.fetchval(SELECT_FIRST_SINCE, at)
    return found


async def last_until(connection: Connection, at: datetime) -> int | None:
    """None if there is no earlier event."""
    found: int | None = await connection.fetchval(SELECT_LAST_UNTIL, at)
    return found


def _listener(row: Any, *, is_open: bool = False) -> Listener:
    return Listener(
        id=row["id"],
        account_id=row["account_id"],
        event_types=frozenset(row["event_types"]),
        predicate=row["predicate"],
        open=is_open,
    )
