"""The event log for clients: read from a cursor on, waited for, or streamed; one cursor for all."""

from typing import Annotated, Final

from msgspec import UNSET, Meta, Struct, UnsetType

from api.errors import EventsForgotten, Forbidden, InvalidCursor, QuotaExceeded, Unauthorized
from api.operations.webhooks.read_events import Stretch, locate_event, read_events
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
MAX_WAIT_S: Final = 30  # below the 60 s after which proxies commonly give up


class EventQuery(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Where to read on, how much, and how long to wait where there is nothing yet."""

    after: Cursor | UnsetType = UNSET
    limit: Annotated[int, Meta(ge=1, le=1_000, description="How many events at most.")] = 100
    wait: Annotated[int, Meta(ge=0, le=MAX_WAIT_S, description="Seconds to wait for the first one.")] = 0


class StreamQuery(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Where the stream begins; the header Last-Event-ID, which a client sends when it comes back, goes first."""

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
    """Read the event log from a cursor on, oldest first.

    Without `after` from the oldest event that is kept (30 days at least). Private events are among them for the
    account that they concern. With `wait` the answer comes with the next event, at the latest after so many
    seconds. `Accept: application/x-ndjson` gives one event a line; the next cursor is then in the header Link,
    and that of the last line is as good.
    """
    query = read_query(request, EventQuery)
    runtime, account_id = runtime_of(request), holder_of(request).account_id
    after = 0 if query.after is UNSET else await _located(request, query.after)
    found = await read_events(runtime, after=after, account_id=account_id, limit=query.limit)
    if not found.events and query.wait:
        found = await _awaited(request, query, found)
    return _feed(request, query, found)


async def _awaited(request: HttpRequest, query: EventQuery, found: Stretch) -> Stretch:
    """What comes within the time that the client would wait. Raises what a seat in the waiting room raises."""
    runtime, account_id = runtime_of(request), holder_of(request).account_id
    tail: EventTail = request.app.state.event_tail
    room: LongPollLimits = request.app.state.long_poll_limits
    deadline = runtime.clock.monotonic() + query.wait
    with room.place(caller_of(request.scope), WaitingKind.POLL) as place:
        while (
            not found.events and (left := deadline - runtime.clock.monotonic()) > 0 and not runtime.leaving()
        ):
            await tail.wait_beyond(found.cursor, min(left, PIECE_S))
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

    `id` is the event's `sequence`, `event` its type, `data` the whole event. Without a cursor the stream begins
    with what happens from now on. It ends after a quarter of an hour at most; a client that comes back with
    Last-Event-ID misses nothing. Every 15 seconds in which nothing happens, a comment moves the cursor on.
    """
    query = read_query(request, StreamQuery)
    runtime, holder = runtime_of(request), holder_of(request)
    named = header(request.scope, b"last-event-id") or (None if query.after is UNSET else query.after)
    after = None if named is None else await _located(request, named)
    # refused now, while there still is a status to say so with
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


def _feed(request: HttpRequest, query: EventQuery, found: Stretch) -> Answer:
    path, limit = request.scope["path"], query.limit
    following = f"{runtime_of(request).base_url}{path}?after={found.cursor}&limit={limit}"
    link = (b"link", f'<{following}>; rel="next"'.encode())
    vary = (b"vary", b"Accept")
    if NDJSON in (header(request.scope, b"accept") or "").lower():
        lines = b"".join(encode_json(event) + b"\n" for event in found.events)
        return LateAnswer(
            200, [(b"cache-control", PRIVATE), (b"content-type", NDJSON.encode()), link, vary], lines
        )
    feed = EventFeed(url=path, data=found.events, has_more=found.has_more, next_cursor=str(found.cursor))
    return private_answer(200, feed, [link, vary])


ROUTES = [get_events, get_event_stream]
