"""Checks of the event log and of all deliveries after a history."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from schemas.events import Event


@dataclass(frozen=True)
class Subscriber:
    """An endpoint that was always active. `wants` is its filter of visible events.

    `called` are analyses with a callback to it.
    """

    name: str
    account_id: str
    wants: Callable[[Event], bool]
    called: set[str] = field(default_factory=set)

    def due(self, event: Event) -> bool:
        if event.account_id not in (None, self.account_id):
            return False
        return event.data.get("analysis_id") in self.called or self.wants(event)


@dataclass(frozen=True)
class Receipt:
    """One request to a subscriber; `taken`: it responded with success."""

    subscriber: str
    webhook_id: str
    event: Event
    taken: bool


def log_faults(log: Sequence[Event], counted: int, verdicts: Sequence[str]) -> Iterator[str]:
    """Faults of the log: each number once, each event once, one event for each verdict."""
    if [event.sequence for event in log] != list(range(1, counted + 1)):
        yield f"the counter says {counted}, the log has {len(log)} events, or others than those"
    for name, times in Counter(event.id for event in log).items():
        if times > 1:
            yield f"{name} is in the log {times} times"
    counts = Counter(
        event.data["verdict_id"] for event in log if event.type in ("story.published", "verdict.revised")
    )
    yield from (
        f"verdict {verdict} has {counts[verdict]} events" for verdict in verdicts if counts[verdict] != 1
    )
    if extra := set(counts) - set(verdicts):
        yield f"events tell of {len(extra)} verdicts that are not there"
    ends = Counter(event.data["analysis_id"] for event in log if event.type.startswith("analysis."))
    yield from (f"analysis {name} ended {times} times" for name, times in ends.items() if times > 1)


def delivery_faults(
    log: Sequence[Event], subscribers: Sequence[Subscriber], receipts: Sequence[Receipt]
) -> Iterator[str]:
    """Faults of deliveries: each due event was accepted under its id, and nothing else was sent."""
    events = {event.id: event for event in log}
    by_subscriber: defaultdict[str, list[Receipt]] = defaultdict(list)
    for receipt in receipts:
        by_subscriber[receipt.subscriber].append(receipt)
    for subscriber in subscribers:
        got = by_subscriber.pop(subscriber.name, [])
        due = {event.id for event in log if subscriber.due(event)}
        for receipt in got:
            if receipt.webhook_id != receipt.event.id or receipt.event != events.get(receipt.event.id):
                yield f"{subscriber.name} got {receipt.webhook_id}, which the log does not have like that"
            elif receipt.webhook_id not in due:
                yield f"{subscriber.name} got {receipt.event.type} {receipt.webhook_id}, which is not for it"
        if missed := due - {receipt.webhook_id for receipt in got if receipt.taken}:
            yield f"{subscriber.name} missed {len(missed)} of {len(due)} events, {min(missed)} among them"
    if by_subscriber:
        yield f"deliveries came to {', '.join(by_subscriber)}, where nobody listens"
