"""From the event log to deliveries: the jobs that wait, the endpoints that listen, the rows that are made.

A fan-out job is a row of ours, written by the statement that appends the events. So no code path can append an
event and forget its subscribers, and the job knows its numbers without holding the event counter any longer.
The queue's own table was the alternative: each caller would have had to write the job as well, before it knew
the numbers.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from api.storage.database.pool import Connection

# How many endpoints there are to be brought events; null where there is no job.
SELECT_IF_ANY = """
SELECT CASE WHEN EXISTS (SELECT FROM fan_outs) THEN (
    SELECT count(*) FROM webhook_endpoints WHERE status = 'active'
) END
"""

# Jobs, oldest first, held; those that another worker holds are left to it.
LOCK_FAN_OUTS = """
SELECT first_sequence, last_sequence FROM fan_outs ORDER BY first_sequence LIMIT $1 FOR UPDATE SKIP LOCKED
"""

# Ends jobs.
DELETE_FAN_OUTS = """
DELETE FROM fan_outs WHERE first_sequence = ANY($1::bigint[])
"""

# Leaves the rest of a job, from a number on, for later.
UPDATE_FAN_OUT = """
UPDATE fan_outs SET first_sequence = $2 WHERE first_sequence = $1
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

# The number of the last event of which every delivery is made.
SELECT_BROUGHT = """
SELECT COALESCE((SELECT min(first_sequence) - 1 FROM fan_outs), (SELECT n FROM event_counter))
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

# The next endpoint, by id, that has events to recover and can take them: its breaker is closed and it has no more
# than so many deliveries due, none where its last answer was a failure. Another worker's is left to it.
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

# Endpoints with more deliveries due than so many.
SELECT_BEHIND = """
SELECT endpoint_id FROM deliveries WHERE status = 'pending' AND next_attempt_at <= $1
GROUP BY endpoint_id HAVING count(*) > $2
"""

# Takes away what waits for an endpoint, stands in the log and was never tried; it is recovered from there. Where
# that begins. What another worker is about to write down stays.
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

# How far a recovery has come; null: it is over.
UPDATE_RECOVERED = """
UPDATE webhook_endpoints
SET missed_after = $2, missed_until = CASE WHEN $2::bigint IS NOT NULL THEN missed_until END
WHERE id = $1
"""

# The last event that an endpoint lost.
UPDATE_LOST = """
UPDATE webhook_endpoints SET lost_through = greatest(lost_through, $2) WHERE id = $1
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
    """What an endpoint wants. `event_types` empty: all. `open`: its breaker is, it is left alone."""

    id: str
    account_id: str
    event_types: frozenset[str]
    predicate: str | None
    open: bool = False


class Missed(Struct, kw_only=True, frozen=True):
    """What is to be recovered: what comes after a number, up to another where there is one.

    `failing`: the endpoint's last answer was a failure.
    """

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
    """How many endpoints are active, about; None where no job waits."""
    count: int | None = await connection.fetchval(SELECT_IF_ANY)
    return count


async def take_fan_outs(connection: Connection, jobs: int, events: int) -> list[tuple[int, int]]:
    """First and last numbers, of so many jobs and events at most, which are over with the transaction."""
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


async def brought_through(connection: Connection) -> int:
    """The number up to which deliveries of all events are made, by jobs that are over."""
    number: int = await connection.fetchval(SELECT_BROUGHT)
    return number


async def find_missed(connection: Connection, now: datetime, most_due: int, beyond: str) -> Missed | None:
    """The next endpoint beyond an id, held, with what it missed; none that has `most_due` deliveries due."""
    row = await connection.fetchrow(SELECT_MISSED, now, most_due, beyond)
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
    """The endpoints that have more than `most_due` deliveries due."""
    return [row["endpoint_id"] for row in await connection.fetch(SELECT_BEHIND, now, most_due)]


async def take_back_untried(connection: Connection, endpoint_id: str) -> None:
    """What waits for the endpoint and was never tried is recovered from the log later."""
    first = await connection.fetchval(DELETE_UNTRIED, endpoint_id)
    if first is not None:
        await note_missed(connection, [endpoint_id], first - 1)


async def set_recovered(connection: Connection, endpoint_id: str, through: int | None) -> None:
    await connection.execute(UPDATE_RECOVERED, endpoint_id, through)


async def note_lost(connection: Connection, endpoint_id: str, through: int) -> None:
    """Of the events up to this number, some were forgotten before the endpoint could get them."""
    await connection.execute(UPDATE_LOST, endpoint_id, through)


async def first_since(connection: Connection, at: datetime) -> int | None:
    """None where nothing happened since."""
    found: int | None = await connection.fetchval(SELECT_FIRST_SINCE, at)
    return found


async def last_until(connection: Connection, at: datetime) -> int | None:
    """None where nothing happened until then."""
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
