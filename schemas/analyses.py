"""Analyses: what a client submits, and the job as its submitter sees it."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from schemas.enums import AnalysisStatus, InputKind, SourceType
from schemas.ids import EndpointId
from schemas.problems import Problem
from schemas.reproductions import Reproduction
from schemas.times import Time
from schemas.verdicts import Verdict

Title = Annotated[str, Meta(max_length=1_000)]
SourceName = Annotated[str, Meta(min_length=1, max_length=200)]


class AnalysisSubmission(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Give exactly one of `url`, `text` and `html`.

    A URL becomes a public story. Text and HTML are drafts: they may have `title`, `source` and `source_type`,
    and only the submitting account sees the verdict. `max_age`, in seconds: a younger verdict is reused; the
    default is 7 days, 0 requests a new one. `callback` is an active webhook endpoint of the account; it gets the
    final event of this analysis, whatever its filters.
    """

    url: Annotated[str, Meta(min_length=1, max_length=2_048)] | None = None
    text: Annotated[str, Meta(min_length=1, max_length=1_000_000)] | None = None
    html: Annotated[str, Meta(min_length=1, max_length=5_242_880)] | None = None
    title: Title | None = None
    source: SourceName | None = None
    source_type: SourceType | None = None
    max_age: Annotated[int, Meta(ge=0, le=31_536_000)] | None = None
    callback: EndpointId | None = None


class AnalysisBatch(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Pages to analyse, each as if submitted alone; `max_age` and `callback` apply to all."""

    urls: Annotated[list[str], Meta(min_length=1, max_length=100)]
    max_age: Annotated[int, Meta(ge=0, le=31_536_000)] | None = None
    callback: EndpointId | None = None


class AnalysisResult(Struct, kw_only=True, frozen=True):
    """Result of a successful analysis: story and verdict of a URL, a draft's full verdict, or a reproduction."""

    story_id: str | None
    verdict_id: str | None
    draft: Verdict | None
    reproduction: Reproduction | None


class AnalysisLinks(Struct, kw_only=True, frozen=True):
    """Absolute URLs of related resources; null until they exist."""

    self: str
    story: str | None
    verdict: str | None


class Analysis(Struct, kw_only=True, frozen=True):
    """One submission. `tries` counts the runs started; `error` is set if the status is `failed`.

    An `erased` draft has no text, verdict or error. `callbacks` are the endpoints that get the final event.
    """

    object: Literal["analysis"] = "analysis"
    id: str
    kind: InputKind
    status: AnalysisStatus
    url: str | None
    tries: int
    result: AnalysisResult | None
    error: Problem | None
    callbacks: list[str]
    created_at: Time
    started_at: Time | None
    finished_at: Time | None
    links: AnalysisLinks


class BatchItem(Struct, kw_only=True, frozen=True):
    """The result for one URL of a batch: its analysis, or the problem."""

    url: str
    analysis: Analysis | None
    problem: Problem | None


class AcceptedBatch(Struct, kw_only=True, frozen=True):
    """One entry per URL, in the submitted order."""

    object: Literal["analysis_batch"] = "analysis_batch"
    data: list[BatchItem]
