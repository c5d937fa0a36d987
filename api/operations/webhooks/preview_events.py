"""Shows the events of the last 30 days that a subscription would have received."""

from datetime import timedelta
from typing import Final

from api.clock import Clock
from api.storage.database.pool import Connection
from api.storage.log.events import get_bounds, list_events_before
from api.webhooks.predicates import context, matches, names_in
from schemas.events import Event
from schemas.webhooks import Preview, PreviewRequest

DAYS: Final = 30
MOST: Final = 20_000  # newest events examined; a third of a second
SECONDS: Final = 0.5  # time limit; the slowest predicates take a millisecond each
EXAMPLES: Final = 5
_BATCH: Final = 250


async def preview_events(
    connection: Connection, clock: Clock, request: PreviewRequest, account_id: str
) -> Preview:
    """Counts over the newest events that the account may see, with the newest matches as examples."""
    since, until = clock.now() - timedelta(days=DAYS), clock.monotonic() + SECONDS
    looked_at = matched = 0
    examples: list[Event] = []
    names = names_in(request.predicate) if request.predicate else frozenset[str]()
    before = (await get_bounds(connection)).last + 1
    while looked_at < MOST and clock.monotonic() < until:
        found = await list_events_before(connection, before=before, account_id=account_id, limit=_BATCH)
        recent = [event for event in found if event.timestamp >= since]
        for event in recent:
            if _wanted(request, event, names):
                matched += 1
                if len(examples) < EXAMPLES:
                    examples.append(event)
        looked_at += len(recent)
        if len(recent) < _BATCH:
            break
        before = found[-1].sequence
    return Preview(since=since, looked_at=looked_at, matched=matched, examples=examples)


def _wanted(request: PreviewRequest, event: Event, names: frozenset[str]) -> bool:
    if request.event_types and event.type not in request.event_types:
        return False
    return request.predicate is None or matches(request.predicate, context(event, names))
