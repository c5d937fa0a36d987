"""Reads the event log from a cursor on, for one account."""

from msgspec import Struct

from api.errors import EventsForgotten, InvalidCursor
from api.runtime.runtime import Runtime
from api.storage.database.pool import Connection
from api.storage.log import events
from schemas.events import Event
from schemas.ids import is_id

_MAX_DIGITS = 18  # of a bigint


class Stretch(Struct, kw_only=True, frozen=True):
    """Some of the log; `cursor` is where to go on, behind all that there was to see, `last` the log's end."""

    events: list[Event]
    cursor: int
    has_more: bool
    last: int


async def read_events(runtime: Runtime, *, after: int, account_id: str | None, limit: int) -> Stretch:
    """At most `limit` events that the account may see. `after` 0 is the oldest that is kept.

    Raises EventsForgotten where events between the cursor and the oldest are gone; InvalidCursor for a cursor
    beyond the end.
    """
    async with runtime.pool.connection() as connection:
        # first the end, then the events: whatever is committed in between only adds to what is found
        bounds = await events.get_bounds(connection)
        check_cursor(bounds, after)
        found = await events.list_events(connection, after=after, account_id=account_id, limit=limit + 1)
    if len(found) > limit:
        return Stretch(
            events=found[:limit], cursor=found[limit - 1].sequence, has_more=True, last=bounds.last
        )
    cursor = max(bounds.last, found[-1].sequence if found else 0)
    return Stretch(events=found, cursor=cursor, has_more=False, last=bounds.last)


def check_cursor(bounds: events.LogBounds, after: int) -> None:
    """Raises EventsForgotten where events after it are gone, InvalidCursor where it is beyond the end."""
    if after > bounds.last:
        raise InvalidCursor("The cursor is beyond the end of the log.")
    if 0 < after < bounds.forgotten:
        raise EventsForgotten("Events after this cursor are kept no longer: what you missed is unknown.")


async def locate_event(connection: Connection, cursor: str, account_id: str | None) -> int:
    """The number that a client's cursor means: a number already, or the id of an event that it has seen.

    Raises InvalidCursor.
    """
    if cursor.isascii() and cursor.isdecimal() and len(cursor) <= _MAX_DIGITS:
        return int(cursor)
    found = await events.find_sequence(connection, cursor, account_id) if is_id("evt", cursor) else None
    if found is None:
        raise InvalidCursor(
            "The cursor is no event's number, nor the id of one that is kept and yours to see."
        )
    return found
