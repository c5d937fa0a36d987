"""Differences between two versions of a story's verdict."""

from typing import Any, Literal

from msgspec import Struct

from schemas.enums import SpinType, VerdictReason
from schemas.times import Time


class VersionRef(Struct, kw_only=True, frozen=True):
    """One of the two versions, and the reason for it."""

    id: str
    version: int
    reason: VerdictReason
    created_at: Time


class FieldChange(Struct, kw_only=True, frozen=True):
    """A changed field, named by its path (`spin.score`)."""

    field: str
    before: Any
    after: Any


class ListChange(Struct, kw_only=True, frozen=True):
    """Items added to and removed from a list; order is ignored."""

    field: str
    added: list[str]
    removed: list[str]


class FindingChange(Struct, kw_only=True, frozen=True):
    """A finding that was added, removed or has other points (hundredths of a score point).

    Findings are matched by rule and words. `before` or `after` is null if the finding is in one version only.
    """

    rule: str
    label: str
    type: SpinType | None
    tactic: str | None
    quotes: list[str | None]
    before: int | None
    after: int | None


class ClaimChange(Struct, kw_only=True, frozen=True):
    """A claim that was added, removed or changed (see `fields`)."""

    id: str | None
    text: str | None
    change: Literal["added", "removed", "changed"]
    fields: list[FieldChange]


class VerdictDiff(Struct, kw_only=True, frozen=True):
    """Differences from version `before` to `after`. `score_delta` is null if one of them has no score.

    If `fields` contains `text_sha256`, the text itself changed.
    """

    object: Literal["verdict_diff"] = "verdict_diff"
    story_id: str
    before: VersionRef
    after: VersionRef
    identical: bool
    score_delta: int | None
    fields: list[FieldChange]
    lists: list[ListChange]
    findings: list[FindingChange]
    claims: list[ClaimChange]
