"""The event log for clients: paging, long polling and streaming with one cursor."""

from typing import Annotated, Final

from msgspec import UNSET, Meta, Struct, UnsetType

from api.errors import EventsForgotten, Forbidden, InvalidCursor, QuotaExceeded, Unauthorized
from api.operations.webhooks.read_events import EventPage, locate_event, read_events
from api.routes.http.admission.authentication import holder_of
from api.routes.http.admission.caller import caller_of
from api.routes.http.admission.long_poll_limits import PIECE_S, LongPollLimits, WaitingKind
from api.routes.http.admission.operation import Operation, read
from api.routes.http.admission.server_sent_events import EventStream
from api.routes.http.request.headers import header
from api.routes.http.request.query import read_query
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import PRIVATE, Answer, LateAnswer, private_answer, runtime_of
from api.runtime.event_tail import EventTail
from schemas.events import Cursor, EventFeed
from schemas.keys import Scope
from schemas.wire import encode_json

NDJSON: Final = "application/x-ndjson"
MAX_WAIT_S: Final = 30  # below the common proxy timeout of 60 s


class EventQuery(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Position in the log, page size, and waiting time."""

    after: Cursor | UnsetType = UNSET
    limit: Annotated[int, Meta(ge=1, le=1_000, description="Maximum number of events.")] = 100
    wait: Annotated[int, Meta(ge=0, le=MAX_WAIT_S, description="Seconds to wait for the first event.")] = 0


class StreamQuery(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Start of the stream; the Last-Event-ID header, sent on reconnection, takes precedence."""

    after: Cursor | UnsetType = UNSET


@read(
    "/events",
    Operation(
        id="listEvents",
        headers=("Link",),
        tag="events",
        answer=EventFeed,
        query=EventQuery,
        scope=Scope.READ_STORIES,
        errors=(InvalidCursor, EventsForgotten, Unauthorized, Forbidden),
        conditional=False,
    ),
)
async def get_events(request: HttpRequest) -> Answer:
    """Read the event log after a cursor, oldest first.

    Without `after`, reading starts at the oldest stored event; events are stored for at least 30 days. Private
    events are included for their account. With `wait`, the response is sent when an event arrives, or empty
    after that many seconds. `Accept: application/x-ndjson` returns one event per line, with the next cursor in
    the Link header; the last event's `sequence` can be used instead.
    """
    query = read_query(request, EventQuery)
    runtime, account_id = runtime_of(request), holder_of(request).account_id
    after = 0 if query.after is UNSET else await _located(request, query.after)
    found = await read_events(runtime, after=after, account_id=account_id, limit=query.limit)
    if not found.events and query.wait:
        found = await _await_events(request, query, found)
    return _feed(request, query, found)


async def _await_events(request: HttpRequest, query: EventQuery, found: EventPage) -> EventPage:
    """Waits for events. Raises the errors of `LongPollLimits.place`."""
    runtime, account_id = runtime_of(request), holder_of(request).account_id
    tail: EventTail = request.app.state.event_tail
    long_polls: LongPollLimits = request.app.state.long_poll_limits
    deadline = runtime.clock.monotonic() + query.wait
    with long_polls.place(caller_of(request.scope), WaitingKind.POLL) as place:
        while (
            not found.events
            and (remaining := deadline - runtime.clock.monotonic()) > 0
            and not runtime.leaving()
        ):
            await tail.wait_beyond(found.cursor, min(remaining, PIECE_S))
            place.check()
            found = await read_events(runtime, after=found.cursor, account_id=account_id, limit=query.limit)
    return found


@read(
    "/events/stream",
    Operation(
        id="streamEvents",
        tag="events",
        answer=None,
        query=StreamQuery,
        scope=Scope.READ_STORIES,
        errors=(InvalidCursor, EventsForgotten, Unauthorized, Forbidden, QuotaExceeded),
        conditional=False,
        media_type="text/event-stream",
    ),
)
async def get_event_stream(request: HttpRequest) -> Answer:
    """Stream the event log as server-sent events.

    `id` is the event's `sequence`, `event` its type, `data` the whole event. Without a cursor the stream starts
    with new events. It ends after at most a quarter of an hour; a client that reconnects with Last-Event-ID
    misses nothing. When idle, a comment every 15 seconds keeps the connection open.
    """
    query = read_query(request, StreamQuery)
    runtime, holder = runtime_of(request), holder_of(request)
    named = header(request.scope, b"last-event-id") or (None if query.after is UNSET else query.after)
    after = None if named is None else await _located(request, named)
    # raises before the response starts, while a status can still be sent
    begin = await read_events(runtime, after=after or 0, account_id=holder.account_id, limit=1)
    return EventStream(
        runtime,
        request.app.state.event_tail,
        request.app.state.long_poll_limits,
        caller_of(request.scope),
        holder,
        after=begin.last if after is None else after,
    )


async def _located(request: HttpRequest, cursor: str) -> int:
    async with runtime_of(request).pool.connection() as connection:
        return await locate_event(connection, cursor, holder_of(request).account_id)


def _feed(request: HttpRequest, query: EventQuery, found: EventPage) -> Answer:
    path, limit = request.scope["path"], query.limit
    following = f"{runtime_of(request).base_url}{path}?after={found.cursor}&limit={limit}"
    link = (b"link", f'<{following}>; rel="next"'.encode())
    vary = (b"vary", b"Accept")
    if NDJSON in (header(request.scope, b"accept") or "").lower():
        lines = b"".join(encode_json(event) + b"\n" for event in found.events)
        return LateAnswer(
            200, [(b"cache-control", PRIVATE), (b"content-type", NDJSON.encode()), link, vary], lines
        )
    feed = EventFeed(url=path, data=[*found.events], has_more=found.has_more, next_cursor=str(found.cursor))
    return private_answer(200, feed, [link, vary])


ROUTES = [get_events, get_event_stream]
