"""The event log: gapless numbers in the order of commit."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import asyncpg
import msgspec
from msgspec import Struct

from api.storage.pool import Connection
from schemas.events import Event, EventType

# Takes the next numbers and appends the events; the counter's row stays locked until commit, so no later
# number is visible before an earlier one. To be the last statement of its transaction.
INSERT_EVENTS = """
WITH counter AS (UPDATE event_counter SET n = n + cardinality($1::text[]) RETURNING n)
INSERT INTO events (sequence, id, type, account_id, story_id, data, created_at)
SELECT counter.n - cardinality($1::text[]) + e.position, e.id, e.type, e.account_id, e.story_id, e.data::json, $6
FROM counter, unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
     WITH ORDINALITY AS e (id, type, account_id, story_id, data, position)
"""

# Public events and those of one account after a number, in order.
SELECT_EVENTS = """
SELECT sequence, id, type, account_id, data, created_at FROM events
WHERE sequence > $1 AND (account_id IS NULL OR account_id = $2) ORDER BY sequence LIMIT $3
"""


class NewEvent(Struct, kw_only=True, frozen=True):
    """An event before it has its number. `account_id` makes it private."""

    id: str
    type: EventType
    account_id: str | None
    story_id: str | None
    data: dict[str, Any]


async def append_events(connection: Connection, events: Sequence[NewEvent], at: datetime) -> None:
    """Must be the last statement of the transaction: it serialises all that emit."""
    if not events:
        return
    await connection.execute(
        INSERT_EVENTS,
        [event.id for event in events],
        [event.type.value for event in events],
        [event.account_id for event in events],
        [event.story_id for event in events],
        [msgspec.json.encode(event.data).decode() for event in events],
        at,
    )


async def list_events(
    connection: Connection, *, after: int, account_id: str | None, limit: int
) -> list[Event]:
    return [_event(row) for row in await connection.fetch(SELECT_EVENTS, after, account_id, limit)]


def _event(row: asyncpg.Record) -> Event:
    return Event(
        id=row["id"],
        sequence=row["sequence"],
        type=EventType(row["type"]),
        account_id=row["account_id"],
        data=msgspec.json.decode(row["data"]),
        created_at=row["created_at"],
    )
