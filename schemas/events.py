"""Events: the append-only log of what happened, numbered without gaps in the order of commit."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from msgspec import Struct


class EventType(StrEnum):
    STORY_PUBLISHED = "story.published"
    STORY_RETRACTED = "story.retracted"
    VERDICT_REVISED = "verdict.revised"
    ANALYSIS_COMPLETED = "analysis.completed"
    ANALYSIS_FAILED = "analysis.failed"
    ANALYSIS_CANCELLED = "analysis.cancelled"
    APPEAL_DECIDED = "appeal.decided"
    ENDPOINT_DISABLED = "endpoint.disabled"
    WEBHOOK_PING = "webhook.ping"


class Event(Struct, kw_only=True, frozen=True):
    """`sequence` is the cursor. `account_id` is set on private events, which only that account sees."""

    object: Literal["event"] = "event"
    id: str
    sequence: int
    type: EventType
    account_id: str | None
    data: dict[str, Any]
    created_at: datetime
