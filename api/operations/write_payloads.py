"""The bodies of webhooks: the event as in the log, with the verdict where an endpoint wants all of it."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from api.storage.deliveries import Claimed
from api.storage.events import list_events_by_number
from api.storage.pool import Connection
from api.storage.verdicts import get_verdict
from schemas.assessments import Assessment
from schemas.events import Event
from schemas.wire import encode_json

MOST_BYTES: Final = 20_000  # as Standard Webhooks advises
_WITH_VERDICT: Final = ("story.published", "verdict.revised")


async def write_payloads(connection: Connection, claimed: Sequence[Claimed]) -> dict[tuple[str, str], bytes]:
    """The body of each, by the event's id and the kind of payload; none for events that are forgotten."""
    numbers = sorted({one.event_sequence for one in claimed if one.event_sequence is not None})
    events = {event.id: event for event in await list_events_by_number(connection, numbers)}
    bodies: dict[tuple[str, str], bytes] = {}
    for one in claimed:
        key = (one.event_id, one.payload)
        if key in bodies:
            continue
        if one.message is not None:
            bodies[key] = one.message.encode()
        elif (event := events.get(one.event_id)) is not None:
            full = one.payload == "full" and event.type.value in _WITH_VERDICT
            bodies[key] = await _full(connection, event) if full else encode_json(event)
    return bodies


async def _full(connection: Connection, event: Event) -> bytes:
    """With what the verdict says; without it, and with `truncated`, where that would be too much."""
    record = await get_verdict(connection, event.data["verdict_id"])
    if record is None:
        return encode_json(event)
    said = msgspec.json.decode(record.assessment, type=Assessment)
    whole = encode_json(replace(event, data=event.data | {"verdict": _brief(said)}))
    if len(whole) <= MOST_BYTES:
        return whole
    return encode_json(replace(event, data=event.data | {"verdict": None, "truncated": True}))


def _brief(said: Assessment) -> dict[str, Any]:
    """What a reader of the verdict would want first."""
    return {
        "deck": said.deck,
        "summary": said.summary,
        "tldr": said.tldr,
        "keywords": said.keywords,
        "integrity": said.integrity,
        "claims": [
            {
                "text": claim.text,
                "kind": claim.kind,
                "support": claim.support,
                "verification": claim.verification,
                "risk": claim.risk,
            }
            for claim in said.claims
        ],
    }
