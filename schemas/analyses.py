"""Analyses: what a client submits, and the job as its submitter sees it."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from schemas.enums import AnalysisStatus, InputKind, SourceType
from schemas.ids import EndpointId
from schemas.problems import Problem
from schemas.reproductions import Reproduction
from schemas.verdicts import Verdict

Title = Annotated[str, Meta(max_length=1_000)]
SourceName = Annotated[str, Meta(min_length=1, max_length=200)]


class AnalysisSubmission(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Exactly one of `url`, `text`, `html`.

    A URL becomes a public story. Text and HTML are drafts: `title`, `source` and `source_type` may stand
    beside them, and the verdict belongs to this analysis and its account alone. `max_age` (seconds): a
    verdict younger than this is reused; the default is 7 days, 0 asks for a fresh one. `callback` is an active
    webhook endpoint of the account, which gets the one event that ends the analysis, whatever else it wants.
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
    """Pages to be read, each as if it were submitted alone; `max_age` and `callback` are those of all."""

    urls: Annotated[
        list[Annotated[str, Meta(min_length=1, max_length=2_048)]], Meta(min_length=1, max_length=100)
    ]
    max_age: Annotated[int, Meta(ge=0, le=31_536_000)] | None = None
    callback: EndpointId | None = None


class AnalysisResult(Struct, kw_only=True, frozen=True):
    """Of a succeeded analysis: story and verdict of a URL, the verdict of a draft in full, or a reproduction."""

    story_id: str | None
    verdict_id: str | None
    draft: Verdict | None
    reproduction: Reproduction | None


class AnalysisLinks(Struct, kw_only=True, frozen=True):
    """Where to go from here; absolute URLs, null until there is something to go to."""

    self: str
    story: str | None
    verdict: str | None


class Analysis(Struct, kw_only=True, frozen=True):
    """One submission. `tries` counts the runs begun; `error` is set when the status is `failed`.

    Of an `erased` draft nothing is left but this: no text, no verdict, no error. `callbacks` are the endpoints
    that get its end.
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
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    links: AnalysisLinks


class BatchItem(Struct, kw_only=True, frozen=True):
    """What became of one URL of a batch: its analysis, or why there is none."""

    url: str
    analysis: Analysis | None
    problem: Problem | None


class AcceptedBatch(Struct, kw_only=True, frozen=True):
    """One entry a URL, in the order in which they were sent."""

    object: Literal["analysis_batch"] = "analysis_batch"
    data: list[BatchItem]
