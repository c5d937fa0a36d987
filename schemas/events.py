"""Events: an append-only log, numbered without gaps in commit order."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from schemas.times import Time

Cursor = Annotated[
    str,
    Meta(
        min_length=1, max_length=64, description="Return events after this event, given by `sequence` or id."
    ),
]


class EventType(StrEnum):
    """Event type; `GET /v1/event-types` has the schema of each type's `data`."""

    STORY_PUBLISHED = "story.published"
    STORY_RETRACTED = "story.retracted"
    VERDICT_REVISED = "verdict.revised"
    ANALYSIS_COMPLETED = "analysis.completed"
    ANALYSIS_FAILED = "analysis.failed"
    ANALYSIS_CANCELLED = "analysis.cancelled"
    APPEAL_DECIDED = "appeal.decided"
    ENDPOINT_DISABLED = "endpoint.disabled"
    WEBHOOK_GAP = "webhook.gap"
    WEBHOOK_PING = "webhook.ping"


class Event(Struct, kw_only=True, frozen=True):
    """One event; the same object in the log, the stream and webhooks.

    `sequence` is the cursor of all three; it is null for pings and tests, which are not in the log.
    `account_id` is set on private events, which only that account sees; so a client sees gaps for private events
    of other accounts. The schema of `data` depends on the type: see `GET /v1/event-types`.
    """

    object: Literal["event"] = "event"
    id: str
    sequence: int | None
    type: EventType
    timestamp: Time
    account_id: str | None
    data: dict[str, Any]


class EventFeed(Struct, kw_only=True, frozen=True):
    """Part of the log, oldest first. Continue with `after=next_cursor`, which is never null.

    `has_more`: more events are already available.
    """

    object: Literal["list"] = "list"
    url: str
    data: list[Event]
    has_more: bool
    next_cursor: str
