"""What events hold in `data`: one struct a type, never changed but by new fields."""

from datetime import datetime
from typing import Any

from msgspec import Struct


class EventSpin(Struct, kw_only=True, frozen=True):
    """The heart of a verdict."""

    primary: str
    secondary: str | None
    tactic: str | None
    score: int
    band: str
    stance: str
    satire: bool = False  # not in events that were written before it was asked


class StoryEventData(Struct, kw_only=True, frozen=True):
    """Of `story.published` and `verdict.revised`. `version` rises with every event of a story: drop older ones.

    `entities` are the names of at most twenty, the most salient first. `spin` is null where the story can be
    scored no more.
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
    published_at: datetime | None
    status: str
    version: int
    reason: str
    spin: EventSpin | None
    entities: list[str]


class RetractionEventData(Struct, kw_only=True, frozen=True):
    """Of `story.retracted`: take the story out of your copies."""

    story_id: str
    verdict_id: str
    reason: str
    statement: str | None


class AnalysisEventData(Struct, kw_only=True, frozen=True):
    """Of `analysis.completed`: the verdict of a page. Those of a draft are null, it lives on its analysis."""

    analysis_id: str
    url: str | None
    story_id: str | None
    verdict_id: str | None


class AnalysisFailureData(Struct, kw_only=True, frozen=True):
    """Of `analysis.failed`. `error` is a problem detail, as `GET /v1/analyses/{id}` shows it."""

    analysis_id: str
    url: str | None
    error: dict[str, Any]


class AnalysisCancellationData(Struct, kw_only=True, frozen=True):
    """Of `analysis.cancelled`."""

    analysis_id: str
    url: str | None
    reason: str


class AppealEventData(Struct, kw_only=True, frozen=True):
    """Of `appeal.decided`. `outcome` is `upheld` or `rejected`."""

    appeal_id: str
    story_id: str
    verdict_id: str
    outcome: str
    explanation: str | None


class EndpointEventData(Struct, kw_only=True, frozen=True):
    """Of `endpoint.disabled`. `reason` is `gone` (it answered 410) or `failing`."""

    endpoint_id: str
    url: str
    reason: str
    failing_since: datetime | None


class GapEventData(Struct, kw_only=True, frozen=True):
    """Of `webhook.gap`. Events after `lost_after` and up to `lost_through`, by their numbers, were forgotten."""

    endpoint_id: str
    url: str
    lost_after: int
    lost_through: int


class PingEventData(Struct, kw_only=True, frozen=True):
    """Of `webhook.ping`, which is sent to one endpoint and stands in no log."""

    endpoint_id: str
