"""The `data` of each event type. These structs may gain fields; existing fields never change."""

from typing import Any

from msgspec import Struct

from schemas.times import Time


class EventSpin(Struct, kw_only=True, frozen=True):
    """The main values of a verdict."""

    primary: str
    secondary: str | None
    tactic: str | None
    score: int
    band: str
    stance: str
    satire: bool = False  # absent from older events


class StoryEventData(Struct, kw_only=True, frozen=True):
    """`data` of `story.published` and `verdict.revised`.

    `version` rises with every event of a story: ignore lower ones. `entities` are up to twenty names, the most
    central first. `spin` is null if the story can no longer be scored, `happening` also for satire.
    """

    story_id: str
    verdict_id: str
    url: str
    title: str
    source_id: str
    source: str
    source_type: str
    vertical: str | None
    language: str | None
    published_at: Time | None
    status: str
    version: int
    reason: str
    spin: EventSpin | None
    happening: str | None = None  # absent from older events
    entities: list[str]


class RetractionEventData(Struct, kw_only=True, frozen=True):
    """`data` of `story.retracted`: remove the story from your copies."""

    story_id: str
    verdict_id: str
    reason: str
    statement: str | None


class AnalysisEventData(Struct, kw_only=True, frozen=True):
    """`data` of `analysis.completed`. For drafts, `story_id` and `verdict_id` are null."""

    analysis_id: str
    url: str | None
    story_id: str | None
    verdict_id: str | None


class AnalysisFailureData(Struct, kw_only=True, frozen=True):
    """`data` of `analysis.failed`. `error` is a problem detail, as in `GET /v1/analyses/{id}`."""

    analysis_id: str
    url: str | None
    error: dict[str, Any]


class AnalysisCancellationData(Struct, kw_only=True, frozen=True):
    """`data` of `analysis.cancelled`."""

    analysis_id: str
    url: str | None
    reason: str


class AppealEventData(Struct, kw_only=True, frozen=True):
    """`data` of `appeal.decided`. `outcome` is `upheld` or `rejected`."""

    appeal_id: str
    story_id: str
    verdict_id: str
    outcome: str
    explanation: str | None


class EndpointEventData(Struct, kw_only=True, frozen=True):
    """`data` of `endpoint.disabled`. `reason` is `gone` (it answered 410) or `failing`."""

    endpoint_id: str
    url: str
    reason: str
    failing_since: Time | None


class GapEventData(Struct, kw_only=True, frozen=True):
    """`data` of `webhook.gap`. Events after sequence `lost_after` up to `lost_through` were lost."""

    endpoint_id: str
    url: str
    lost_after: int
    lost_through: int


class PingEventData(Struct, kw_only=True, frozen=True):
    """`data` of `webhook.ping`, which is sent to one endpoint and is not in the log."""

    endpoint_id: str
