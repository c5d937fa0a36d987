"""The event log: gapless numbers in commit order.

A transaction takes its event's number in its last statement, from a locked counter row, for up to 1,000 events
a second. A sequence would assign numbers in another order than commits, so a reader at 17 might never see 16.
Transaction ids with a horizon are faster, but hard to explain.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import asyncpg
import msgspec
from msgspec import Struct

from api.storage.database.pool import Connection
from schemas.events import Event, EventType
from schemas.wire import encode_json

# Takes the next numbers, appends the events and one fan-out job. The counter's row stays locked until commit,
# so numbers become visible in order. Must be the last statement of its transaction.
INSERT_EVENTS = """
WITH counter AS (UPDATE event_counter SET n = n + cardinality($1::text[]) RETURNING n),
job AS (
    INSERT INTO fan_outs (first_sequence, last_sequence)
    SELECT counter.n - cardinality($1::text[]) + 1, counter.n FROM counter
)
INSERT INTO events (sequence, id, type, account_id, story_id, data, created_at)
SELECT counter.n - cardinality($1::text[]) + e.position, e.id, e.type, e.account_id, e.story_id, e.data::json, $6
FROM counter, unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
     WITH ORDINALITY AS e (id, type, account_id, story_id, data, position)
"""

# Public events and one account's after a number, in order: two index scans, however many events others have.
SELECT_EVENTS = """
SELECT sequence, id, type, account_id, data, created_at FROM (
    (SELECT sequence, id, type, account_id, data, created_at FROM events
     WHERE sequence > $1 AND account_id IS NULL ORDER BY sequence LIMIT $3)
    UNION ALL
    (SELECT sequence, id, type, account_id, data, created_at FROM events
     WHERE sequence > $1 AND account_id = $2 ORDER BY sequence LIMIT $3)
) AS visible ORDER BY sequence LIMIT $3
"""

# The same, newest first.
SELECT_EVENTS_BEFORE = """
SELECT sequence, id, type, account_id, data, created_at FROM (
    (SELECT sequence, id, type, account_id, data, created_at FROM events
     WHERE sequence < $1 AND account_id IS NULL ORDER BY sequence DESC LIMIT $3)
    UNION ALL
    (SELECT sequence, id, type, account_id, data, created_at FROM events
     WHERE sequence < $1 AND account_id = $2 ORDER BY sequence DESC LIMIT $3)
) AS visible ORDER BY sequence DESC LIMIT $3
"""

# All events in a range of numbers, regardless of account.
SELECT_ALL_EVENTS = """
SELECT sequence, id, type, account_id, data, created_at FROM events
WHERE sequence > $1 AND sequence <= $2 ORDER BY sequence LIMIT $3
"""

# Events by their numbers.
SELECT_EVENTS_BY_NUMBER = """
SELECT sequence, id, type, account_id, data, created_at FROM events WHERE sequence = ANY($1::bigint[])
"""

# The numbers of the last event and of the last deleted one.
SELECT_BOUNDS = """
SELECT n AS last, coalesce((SELECT min(sequence) - 1 FROM events), n) AS forgotten FROM event_counter
"""

# Whether a deleted event happened at a time or later. The sweep records the time of the last one; if events
# were deleted otherwise, all before the oldest one may be missing.
SELECT_FORGOTTEN_SINCE = """
SELECT bounds.forgotten > 0 AND $1 <= CASE
    WHEN counter.forgotten >= bounds.forgotten THEN counter.forgotten_at
    ELSE coalesce((SELECT created_at FROM events ORDER BY sequence LIMIT 1), 'infinity')
END
FROM event_counter counter,
     (SELECT coalesce((SELECT min(sequence) - 1 FROM events), n) AS forgotten FROM event_counter) AS bounds
"""

# The number of an event that is public or the account's.
SELECT_SEQUENCE = """
SELECT sequence FROM events WHERE id = $1 AND (account_id IS NULL OR account_id = $2)
"""

# Deletes events from the start of the log to the first that is not old, up to a limit: a clock that went back
# must not cause gaps, and events dated in the future must not retain later ones. Must be the last statement of
# its transaction.
DELETE_OLD_EVENTS = """
WITH first AS MATERIALIZED (SELECT sequence, created_at FROM events ORDER BY sequence LIMIT $2),
gone AS (
    DELETE FROM events WHERE sequence IN (
        SELECT f.sequence FROM first f
        WHERE f.sequence < COALESCE((
            SELECT min(y.sequence) FROM first y
            WHERE y.created_at >= $1 AND y.created_at < clock_timestamp() + interval '1 minute'
        ), 2 ^ 62)
    )
    RETURNING sequence, created_at
),
last AS (SELECT max(sequence) AS sequence, max(created_at) AS created_at, count(*) AS n FROM gone),
noted AS (
    UPDATE event_counter
    SET forgotten = last.sequence, forgotten_at = greatest(forgotten_at, last.created_at)
    FROM last WHERE last.n > 0
)
SELECT n FROM last
"""


class NewEvent(Struct, kw_only=True, frozen=True):
    """An event without a number. `account_id` makes it private."""

    id: str
    type: EventType
    account_id: str | None
    story_id: str | None
    data: dict[str, Any]


class LoggedEvent(Event, kw_only=True, frozen=True):
    """An event of the log, which always has a number."""

    sequence: int


class LogBounds(Struct, kw_only=True, frozen=True):
    """`last`: the newest event's number; `forgotten`: the last deleted one's."""

    last: int
    forgotten: int


async def append_events(connection: Connection, events: Sequence[NewEvent], at: datetime) -> None:
    """Must be the last statement of the transaction, as it serialises all writers."""
    if not events:
        return
    await connection.execute(
        INSERT_EVENTS,
        [event.id for event in events],
        [event.type.value for event in events],
        [event.account_id for event in events],
        [event.story_id for event in events],
        [encode_json(event.data).decode() for event in events],
        at,
    )


async def list_events(
    connection: Connection, *, after: int, account_id: str | None, limit: int
) -> list[LoggedEvent]:
    """At most `limit` events visible to the account, or public ones if it is None."""
    return [_event(row) for row in await connection.fetch(SELECT_EVENTS, after, account_id, limit)]


async def list_events_before(
    connection: Connection, *, before: int, account_id: str, limit: int
) -> list[LoggedEvent]:
    """Newest first."""
    return [_event(row) for row in await connection.fetch(SELECT_EVENTS_BEFORE, before, account_id, limit)]


async def list_all_events(
    connection: Connection, *, after: int, through: int, limit: int
) -> list[LoggedEvent]:
    return [_event(row) for row in await connection.fetch(SELECT_ALL_EVENTS, after, through, limit)]


async def list_events_by_number(connection: Connection, numbers: Sequence[int]) -> list[LoggedEvent]:
    return [_event(row) for row in await connection.fetch(SELECT_EVENTS_BY_NUMBER, list(numbers))]


async def get_bounds(connection: Connection) -> LogBounds:
    return LogBounds(**dict(await connection.fetchrow(SELECT_BOUNDS)))


async def is_forgotten_since(connection: Connection, at: datetime) -> bool:
    """Whether events from this time or later have been deleted."""
    forgotten: bool = await connection.fetchval(SELECT_FORGOTTEN_SINCE, at)
    return forgotten


async def find_sequence(connection: Connection, event_id: str, account_id: str | None) -> int | None:
    found: int | None = await connection.fetchval(SELECT_SEQUENCE, event_id, account_id)
    return found


async def delete_old_events(connection: Connection, before: datetime, limit: int) -> int:
    """The number deleted. Must be the last statement of the transaction."""
    count: int = await connection.fetchval(DELETE_OLD_EVENTS, before, limit)
    return count


def _event(row: asyncpg.Record) -> LoggedEvent:
    return LoggedEvent(
        id=row["id"],
        sequence=row["sequence"],
        type=EventType(row["type"]),
        account_id=row["account_id"],
        data=msgspec.json.decode(row["data"]),
        timestamp=row["created_at"],
    )
