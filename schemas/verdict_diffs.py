"""What two versions of one story's verdict say differently."""

from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from schemas.enums import SpinType, VerdictReason


class VersionRef(Struct, kw_only=True, frozen=True):
    """One of the two versions, and why it was made."""

    id: str
    version: int
    reason: VerdictReason
    created_at: datetime


class FieldChange(Struct, kw_only=True, frozen=True):
    """A field with one value, named by its path (`spin.score`)."""

    field: str
    before: Any
    after: Any


class ListChange(Struct, kw_only=True, frozen=True):
    """What a list of words or names has gained and lost; their order does not matter."""

    field: str
    added: list[str]
    removed: list[str]


class FindingChange(Struct, kw_only=True, frozen=True):
    """A finding that came, went, or counts for another number of points (hundredths of a score point).

    Findings are the same where rule and words are; `before` or `after` is null where it is in one version alone.
    """

    rule: str
    label: str
    type: SpinType | None
    tactic: str | None
    quotes: list[str | None]
    before: int | None
    after: int | None


class ClaimChange(Struct, kw_only=True, frozen=True):
    """A claim that came (`added`), went (`removed`), or is seen otherwise (`changed`, in `fields`)."""

    id: str | None
    text: str | None
    change: Literal["added", "removed", "changed"]
    fields: list[FieldChange]


class VerdictDiff(Struct, kw_only=True, frozen=True):
    """From version `before` to version `after`. `score_delta` is null where one of them has no score.

    The text itself was another where `fields` holds `text_sha256`.
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
