"""Reads the event log after a cursor, for one account."""

from msgspec import Struct

from api.errors import EventsForgotten, InvalidCursor
from api.runtime.runtime import Runtime
from api.storage.database.pool import Connection
from api.storage.log import events
from api.storage.log.events import LoggedEvent
from schemas.ids import is_id

_MAX_DIGITS = 18  # of a bigint


class EventPage(Struct, kw_only=True, frozen=True):
    """Some events; `cursor` is the position after them, `last` the end of the log."""

    events: list[LoggedEvent]
    cursor: int
    has_more: bool
    last: int


async def read_events(runtime: Runtime, *, after: int, account_id: str | None, limit: int) -> EventPage:
    """At most `limit` events that the account may see. `after` 0 starts at the oldest stored event.

    Raises EventsForgotten if events after the cursor are deleted; InvalidCursor beyond the end.
    """
    async with runtime.pool.connection() as connection:
        # bounds first: events committed in between are then included
        bounds = await events.get_bounds(connection)
        check_cursor(bounds, after)
        found = await events.list_events(connection, after=after, account_id=account_id, limit=limit + 1)
    if len(found) > limit:
        return EventPage(
            events=found[:limit], cursor=found[limit - 1].sequence, has_more=True, last=bounds.last
        )
    cursor = max(bounds.last, found[-1].sequence if found else 0)
    return EventPage(events=found, cursor=cursor, has_more=False, last=bounds.last)


def check_cursor(bounds: events.LogBounds, after: int) -> None:
    """Raises EventsForgotten if events after it are deleted, InvalidCursor if it is beyond the end."""
    if after > bounds.last:
        raise InvalidCursor("The cursor is beyond the end of the log.")
    if 0 < after < bounds.forgotten:
        raise EventsForgotten("Some events after this cursor are deleted, so the missed ones are unknown.")


async def locate_event(connection: Connection, cursor: str, account_id: str | None) -> int:
    """The sequence number of a cursor, which is a number or an event's id. Raises InvalidCursor."""
    if cursor.isascii() and cursor.isdecimal() and len(cursor) <= _MAX_DIGITS:
        return int(cursor)
    found = await events.find_sequence(connection, cursor, account_id) if is_id("evt", cursor) else None
    if found is None:
        raise InvalidCursor(
            "The cursor must be an event's number, or the id of a stored event that you may see."
        )
    return found
