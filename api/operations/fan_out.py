"""Brings events to subscribers: a row for each endpoint that wants the event, with the end of the job."""

from collections.abc import Iterable, Sequence

import cel

from api.clock import Clock
from api.operations.runtime import Runtime
from api.storage import fan_outs
from api.storage.events import list_all_events, list_events
from api.storage.fan_outs import Listener, NewDelivery
from api.webhooks.predicates import context, matches
from schemas.events import Event

JOBS = 100  # taken at once: endpoints are read once for all of them
RECOVERED = 500  # events of one endpoint in one transaction


async def fan_out(runtime: Runtime) -> int:
    """How many events were brought to those who want them; 0 where no job waits."""
    now = runtime.clock.now()
    async with runtime.pool.transaction() as connection:
        jobs = await fan_outs.take_fan_outs(connection, JOBS)
        if not jobs:
            return 0
        events = [
            event
            for first, last in _joined(jobs)
            for event in await list_all_events(
                connection, after=first - 1, through=last, limit=last - first + 1
            )
        ]
        listening, shut = await fan_outs.list_listeners(connection, now)
        wanted = [
            _delivery(runtime.clock, listener.id, event)
            for event in events
            for listener in _wanting(listening, event)
        ]
        await fan_outs.insert_deliveries(connection, wanted, now)
        await fan_outs.note_missed(connection, [listener.id for listener in shut], jobs[0][0] - 1)
        return len(events)


async def recover_missed(runtime: Runtime) -> bool:
    """Give one endpoint a stretch of what it missed; whether there was one."""
    now = runtime.clock.now()
    async with runtime.pool.transaction() as connection:
        found = await fan_outs.find_missed(connection, now)
        if found is None:
            return False
        listener, after = found
        events = await list_events(connection, after=after, account_id=listener.account_id, limit=RECOVERED)
        wanted = [_delivery(runtime.clock, listener.id, e) for e in events if [*_wanting([listener], e)]]
        await fan_outs.insert_deliveries(connection, wanted, now, again=True)
        through = events[-1].sequence if len(events) == RECOVERED else None
        await fan_outs.set_recovered(connection, listener.id, through)
        return True


def _joined(jobs: Iterable[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    """Neighbours as one stretch."""
    stretches: list[tuple[int, int]] = []
    for first, last in jobs:
        if stretches and stretches[-1][1] + 1 == first:
            stretches[-1] = (stretches[-1][0], last)
        else:
            stretches.append((first, last))
    return stretches


def _wanting(listeners: Iterable[Listener], event: Event) -> Iterable[Listener]:
    seen: cel.Context | None = None
    for listener in listeners:
        if event.account_id not in (None, listener.account_id):
            continue
        if listener.event_types and event.type.value not in listener.event_types:
            continue
        if listener.predicate is not None:
            seen = seen or context(event)
            if not matches(listener.predicate, seen):
                continue
        yield listener


def _delivery(clock: Clock, endpoint_id: str, event: Event) -> NewDelivery:
    return NewDelivery(
        id=clock.new_id("dlv"),
        endpoint_id=endpoint_id,
        event_id=event.id,
        event_sequence=event.sequence,
        event_type=event.type.value,
    )
