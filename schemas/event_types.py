"""Event types: when each is sent, the schema of its data, and an example."""

from datetime import UTC, datetime
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct

from schemas.event_data import (
    AnalysisCancellationData,
    AnalysisEventData,
    AnalysisFailureData,
    AppealEventData,
    EndpointEventData,
    EventSpin,
    GapEventData,
    PingEventData,
    RetractionEventData,
    StoryEventData,
)
from schemas.events import Event, EventType

_AT: Final = datetime(2026, 11, 10, 9, 30, 0, 250_000, tzinfo=UTC)
_ACCOUNT, _ENDPOINT, _ANALYSIS = "acc_" + "1" * 26, "whe_" + "4" * 26, "ana_" + "6" * 26
_STORY, _VERDICT, _SOURCE = "sty_" + "7" * 26, "vrd_" + "8" * 26, "src_" + "9" * 26
_URL: Final = "https://news.brightwater.example/2026/turbine"


class EventKind(Struct, kw_only=True, frozen=True):
    """One type as the service knows it. `private`: visible only to the account concerned."""

    type: EventType
    description: str
    private: bool
    data: Any  # an example instance; its class gives the schema


class EventTypeInfo(Struct, kw_only=True, frozen=True):
    """One event type. `data_schema` is the JSON Schema of `data`; `example` is a complete event."""

    object: Literal["event_type"] = "event_type"
    type: EventType
    description: str
    private: bool
    data_schema: dict[str, Any]
    example: Event


def _story(version: int, reason: str, score: int, band: str) -> StoryEventData:
    return StoryEventData(
        story_id=_STORY,
        verdict_id=_VERDICT,
        url=_URL,
        title="Brightwater opens its tidal turbine",
        source_id=_SOURCE,
        source="Brightwater News",
        source_type="media",
        vertical="energy",
        language="en",
        published_at=_AT,
        status="scored",
        version=version,
        reason=reason,
        spin=EventSpin(
            primary="hype",
            secondary=None,
            tactic="breakthrough_framing",
            score=score,
            band=band,
            stance="promotional",
        ),
        happening="launch",
        entities=["Brightwater", "Ada Quillfeather"],
    )


EVENT_KINDS: Final = (
    EventKind(
        type=EventType.STORY_PUBLISHED,
        description="A story was scored for the first time.",
        private=False,
        data=_story(1, "initial", 71, "heavy"),
    ),
    EventKind(
        type=EventType.VERDICT_REVISED,
        description="A story has a new version of its verdict; see `reason`.",
        private=False,
        data=_story(2, "source_edited", 38, "moderate"),
    ),
    EventKind(
        type=EventType.STORY_RETRACTED,
        description="A story was retracted and is no longer served.",
        private=False,
        data=RetractionEventData(
            story_id=_STORY, verdict_id=_VERDICT, reason="operator_error", statement="The page was a test."
        ),
    ),
    EventKind(
        type=EventType.ANALYSIS_COMPLETED,
        description="An analysis of the account succeeded.",
        private=True,
        data=AnalysisEventData(analysis_id=_ANALYSIS, url=_URL, story_id=_STORY, verdict_id=_VERDICT),
    ),
    EventKind(
        type=EventType.ANALYSIS_FAILED,
        description="An analysis of the account failed.",
        private=True,
        data=AnalysisFailureData(
            analysis_id=_ANALYSIS,
            url=_URL,
            error={
                "type": "https://unspun.example/problems/fetch-timeout",
                "title": "Site timed out",
                "status": 504,
                "detail": "The site did not answer in time.",
            },
        ),
    ),
    EventKind(
        type=EventType.ANALYSIS_CANCELLED,
        description="An analysis of the account was cancelled or its draft was erased.",
        private=True,
        data=AnalysisCancellationData(analysis_id=_ANALYSIS, url=None, reason="erased"),
    ),
    EventKind(
        type=EventType.APPEAL_DECIDED,
        description="An appeal against a verdict was decided.",
        private=False,
        data=AppealEventData(
            appeal_id="apl_" + "5" * 26,
            story_id=_STORY,
            verdict_id=_VERDICT,
            outcome="upheld",
            explanation="The passage quotes a critic, whom the story contradicts.",
        ),
    ),
    EventKind(
        type=EventType.ENDPOINT_DISABLED,
        description="A webhook endpoint of the account was disabled and gets no events until enabled again.",
        private=True,
        data=EndpointEventData(
            endpoint_id=_ENDPOINT,
            url="https://hooks.brightwater.example/unspun",
            reason="failing",
            failing_since=_AT,
        ),
    ),
    EventKind(
        type=EventType.WEBHOOK_GAP,
        description=(
            "A webhook endpoint of the account was so far behind that events were deleted from the log before "
            "they were sent."
        ),
        private=True,
        data=GapEventData(
            endpoint_id=_ENDPOINT,
            url="https://hooks.brightwater.example/unspun",
            lost_after=3180,
            lost_through=3544,
        ),
    ),
    EventKind(
        type=EventType.WEBHOOK_PING,
        description="Sent to one endpoint to test it; not in the event log.",
        private=True,
        data=PingEventData(endpoint_id=_ENDPOINT),
    ),
)


def example_of(kind: EventKind) -> Event:
    """A complete event of the type."""
    return Event(
        id="evt_" + "3" * 26,
        sequence=None if kind.type is EventType.WEBHOOK_PING else 4127,  # pings are not in the log
        type=kind.type,
        timestamp=_AT,
        account_id=_ACCOUNT if kind.private else None,
        data=msgspec.to_builtins(kind.data, builtin_types=(datetime,)),
    )
