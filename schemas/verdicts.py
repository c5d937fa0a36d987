"""Verdicts: immutable, numbered versions of a story's assessment."""

from typing import Literal

from msgspec import Struct

from schemas.agreements import Agreement
from schemas.assessments import Assessment
from schemas.claims import Claim
from schemas.entities import MentionedEntity
from schemas.enums import VerdictReason
from schemas.times import Time


class AskAi(Struct, kw_only=True, frozen=True):
    """A link that opens an assistant with a prompt about this story."""

    engine: str
    prompt: str
    url: str


class Provenance(Struct, kw_only=True, frozen=True):
    """How the verdict was made. `human_reviewed`: people have ruled on some of its findings."""

    method: str
    machine_made: bool
    human_reviewed: bool


class Verdict(Assessment, kw_only=True, frozen=True):
    """Version `version` of the assessment of story `story_id`, and the reason for it.

    In a draft's verdict `id`, `story_id` and `version` are null. `agreement` compares it with the other judge's
    assessment, if there is one.
    """

    object: Literal["verdict"] = "verdict"
    id: str | None
    story_id: str | None
    version: int | None
    reason: VerdictReason
    created_at: Time
    provenance: Provenance
    ask_ai: list[AskAi]
    agreement: Agreement | None = None  # null: one judge only
    entities: list[MentionedEntity] | None  # type: ignore[assignment]  # as with claims
    claims: list[Claim]  # type: ignore[assignment]  # lists are invariant
