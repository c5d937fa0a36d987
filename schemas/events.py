"""Events: the append-only log of what happened, numbered without gaps in the order of commit."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

Cursor = Annotated[
    str, Meta(min_length=1, max_length=64, description="An event's `sequence`, or its id: what follows it.")
]


class EventType(StrEnum):
    """What happened; `GET /v1/event-types` has the schema of each type's `data`."""

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
    """What happened, the same object in the log, on the stream and in the body of a webhook.

    `sequence` is the one cursor of them all. `account_id` is set on private events, which only that account sees;
    the numbers of other accounts' private events are missing from what one sees. `data` is that of the type:
    `GET /v1/event-types`.
    """

    object: Literal["event"] = "event"
    id: str
    sequence: int
    type: EventType
    timestamp: datetime
    account_id: str | None
    data: dict[str, Any]


class EventFeed(Struct, kw_only=True, frozen=True):
    """Some of the log, oldest first. Go on with `after=next_cursor`, which is never null: the log has no end.

    `has_more` says that there is more already.
    """

    object: Literal["list"] = "list"
    url: str
    data: list[Event]
    has_more: bool
    next_cursor: str
