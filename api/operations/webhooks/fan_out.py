"""Creates a delivery of each event for each endpoint that subscribes to it."""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence

import cel
import msgspec
import structlog

from api.clock import Clock
from api.runtime.runtime import Runtime
from api.storage.analyses.analysis_callbacks import list_callbacks
from api.storage.database.pool import Connection
from api.storage.log.events import (
    LoggedEvent,
    NewEvent,
    append_events,
    get_bounds,
    list_all_events,
    list_events,
)
from api.storage.webhooks import fan_outs
from api.storage.webhooks.fan_outs import Listener, Missed, NewDelivery
from api.webhooks.predicates import context, matches
from schemas.event_data import GapEventData
from schemas.events import EventType

log = structlog.get_logger(__name__)

JOBS = 100  # per round: endpoints are read once for all of them
EVENTS = 500  # per round
ROWS = 5_000  # per transaction, about
YIELD_AFTER = 500  # predicates between yields: some milliseconds, up to most of a second for the slowest ones
MAX_DUE = 500  # deliveries of one endpoint; beyond that it gets no rows and recovers from the log
_ENDS = (EventType.ANALYSIS_COMPLETED, EventType.ANALYSIS_FAILED, EventType.ANALYSIS_CANCELLED)
RECOVERED = 500  # per endpoint and transaction
RECOVERED_IF_FAILING = 5  # the same if its last answer was a failure


async def fan_out(runtime: Runtime, behind: Collection[str]) -> int:
    """The number of events that were fanned out; 0 if no job waits.

    Endpoints in `behind` get them from the log once they have caught up.
    """
    now = runtime.clock.now()
    async with runtime.pool.transaction() as connection:
        count = await fan_outs.listeners_if_any(connection)
        if count is None:
            return 0
        jobs = await fan_outs.take_fan_outs(connection, JOBS, max(min(ROWS // max(count, 1), EVENTS), 1))
        if not jobs:
            return 0
        # read after the jobs, so that every endpoint active before an event is included
        found = await fan_outs.list_listeners(connection, now)
        listening = [one for one in found if not one.open and one.id not in behind]
        shut = [one.id for one in found if one.open or one.id in behind]
        events = [
            event
            for first, last in _joined(jobs)
            for event in await list_all_events(
                connection, after=first - 1, through=last, limit=last - first + 1
            )
        ]
        called = await _callbacks_by_event(connection, events)
        wanted, tried = list[NewDelivery](), 0
        for event in events:
            wanted += [
                _delivery(runtime.clock, listener.id, event)
                for listener in _matching(listening, event, called)
            ]
            tried += len(listening)
            if tried >= YIELD_AFTER:  # let running attempts proceed
                tried = 0
                await asyncio.sleep(0)
        await fan_outs.insert_deliveries(connection, wanted, now)
        await fan_outs.note_missed(connection, shut, jobs[0][0] - 1)
        return len(events)


async def find_behind(runtime: Runtime) -> frozenset[str]:
    """Endpoints with more due deliveries than MAX_DUE. The query takes some milliseconds."""
    async with runtime.pool.connection() as connection:
        return frozenset(await fan_outs.list_behind(connection, runtime.clock.now(), MAX_DUE))


async def recover_missed(runtime: Runtime, beyond: str) -> str | None:
    """Create missed deliveries for the next endpoint after an id. Returns its id, or None if there is none.

    If the log has deleted some of those events, `lost_through` is set and the account gets an event.
    """
    now = runtime.clock.now()
    async with runtime.pool.transaction() as connection:
        found = await fan_outs.find_missed(connection, now, MAX_DUE, beyond)
        if found is None:
            return None
        listener, until, most = (
            found.listener,
            found.until,
            RECOVERED_IF_FAILING if found.failing else RECOVERED,
        )
        read = await list_events(connection, after=found.after, account_id=listener.account_id, limit=most)
        events = [event for event in read if until is None or event.sequence <= until]
        called = await _callbacks_by_event(connection, events)
        wanted = [
            _delivery(runtime.clock, listener.id, event)
            for event in events
            if [*_matching([listener], event, called)]
        ]
        await fan_outs.insert_deliveries(connection, wanted, now, again=True)
        through = events[-1].sequence if len(events) == most else None
        await fan_outs.set_recovered(connection, listener.id, through)
        await _report_gap(connection, runtime, found)
        return listener.id


async def _report_gap(connection: Connection, runtime: Runtime, missed: Missed) -> None:
    forgotten = (await get_bounds(connection)).forgotten
    through = forgotten if missed.until is None else min(forgotten, missed.until)
    if through <= missed.after:
        return
    endpoint = missed.listener
    log.error("events_lost", endpoint=endpoint.id, after=missed.after, through=through)
    await fan_outs.note_lost(connection, endpoint.id, through)
    data = GapEventData(
        endpoint_id=endpoint.id, url=missed.url, lost_after=missed.after, lost_through=through
    )
    event = NewEvent(
        id=runtime.clock.new_id("evt"),
        type=EventType.WEBHOOK_GAP,
        account_id=endpoint.account_id,
        story_id=None,
        data=msgspec.to_builtins(data),
    )
    await append_events(connection, [event], runtime.clock.now())


def _joined(jobs: Iterable[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    """Merge adjacent ranges."""
    stretches: list[tuple[int, int]] = []
    for first, last in jobs:
        if stretches and stretches[-1][1] + 1 == first:
            stretches[-1] = (stretches[-1][0], last)
        else:
            stretches.append((first, last))
    return stretches


async def _callbacks_by_event(
    connection: Connection, events: Iterable[LoggedEvent]
) -> Mapping[str, frozenset[str]]:
    """Endpoints by event id that get an event as callbacks of an analysis, whatever their filters."""
    ends = {event.data.get("analysis_id"): event.id for event in events if event.type in _ENDS}
    found = await list_callbacks(connection, [analysis for analysis in ends if analysis])
    return {ends[analysis]: endpoints for analysis, endpoints in found.items()}


def _matching(
    listeners: Iterable[Listener], event: LoggedEvent, called: Mapping[str, frozenset[str]]
) -> Iterable[Listener]:
    callbacks = called.get(event.id, frozenset())
    seen: cel.Context | None = None
    for listener in listeners:
        if event.account_id not in (None, listener.account_id):
            continue
        if listener.id in callbacks:
            yield listener
            continue
        if listener.event_types and event.type.value not in listener.event_types:
            continue
        if listener.predicate is not None:
            seen = seen or context(event)
            if not matches(listener.predicate, seen):
                continue
        yield listener


def _delivery(clock: Clock, endpoint_id: str, event: LoggedEvent) -> NewDelivery:
    return NewDelivery(
        id=clock.new_id("dlv"),
        endpoint_id=endpoint_id,
        event_id=event.id,
        event_sequence=event.sequence,
        event_type=event.type.value,
    )
