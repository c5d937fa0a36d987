"""What survives of the answers: every word of the text's own, or a sentence that passed all checks.

Equal answers to equal articles give equal bytes.
"""

from enum import StrEnum

from msgspec import Struct

from schemas.assessments import (
    Beneficiary,
    Finding,
    Happening,
    LedgerRow,
    LoadedTerm,
    Omission,
    Score,
    Share,
)
from schemas.enums import (
    Band,
    ClaimKind,
    ClaimRole,
    ClaimSupport,
    EvidenceStrength,
    Independence,
    Intent,
    SourceType,
    SpinType,
    Stance,
    Verification,
)
from schemas.spans import Span


class Refusal(StrEnum):
    """Why no part of an answer is used.

    `unsupported_band`: no words of the text stand for the band. `unsupported_type`: no finding of the type
    survived. `too_much_dropped`: a share of parts above the threshold failed. `not_scorable`: the text cannot be
    judged. `satire`: it reads as satire, which only the rules can tell.
    """

    MALFORMED = "malformed"
    UNSUPPORTED_BAND = "unsupported_band"
    UNSUPPORTED_TYPE = "unsupported_type"
    TOO_MUCH_DROPPED = "too_much_dropped"
    NOT_SCORABLE = "not_scorable"
    SATIRE = "satire"


class Drops(Struct, kw_only=True, frozen=True):
    """The checks of one answer: passed parts, repaired quotes, and dropped parts by reason."""

    passed: int
    repaired: int
    dropped: dict[str, int]


class RefusedAnswer(Struct, kw_only=True, frozen=True):
    """An answer of which nothing is used."""

    reason: Refusal
    drops: Drops


class GroundedClaim(Struct, kw_only=True, frozen=True):
    """A claim in the text's words; `voice` is `document` or the speaker."""

    text: str
    role: ClaimRole
    kind: ClaimKind
    support: ClaimSupport
    verification: Verification
    voice: str
    spans: list[Span]


class GroundedSource(Struct, kw_only=True, frozen=True):
    """The publisher's role."""

    publisher_type: SourceType
    intent: Intent
    independence: Independence


class GroundedJudgement(Struct, kw_only=True, frozen=True):
    """The judgement with the score of our arithmetic.

    Findings stand in text order with ids `f1` ...; claims in the answer's order. `missing_parties` are codes of
    the question table. `described` are the ids of the findings whose explanation is the answer's own; the others
    have the description of their tactic. The second call reads `left_out` and `beneficiaries`; a verdict has only
    those that are published. `answered` are the ids (`o1`) of omissions whose answer the text has after all.
    """

    happening: Happening | None
    primary: SpinType
    secondary: SpinType | None
    tactic: str | None
    stance: Stance
    band: Band
    score: Score
    ledger: list[LedgerRow]
    findings: list[Finding]
    described: list[str]
    loaded_terms: list[LoadedTerm]
    claims: list[GroundedClaim]
    left_out: list[Omission]
    beneficiaries: list[Beneficiary]
    published_left_out: list[Omission]
    published_beneficiaries: list[Beneficiary]
    answered: list[str]
    missing_parties: list[str]
    evidence_strength: EvidenceStrength
    source: GroundedSource | None
    drops: Drops
    dropped_share: Share


class GroundedContrast(Struct, kw_only=True, frozen=True):
    """What the text suggests, next to what it shows, each with the sentences on which it rests."""

    spin: str
    spin_spans: list[Span]
    substance: str
    substance_spans: list[Span]


class GroundedQuestion(Struct, kw_only=True, frozen=True):
    """A question, the sentences that raise it, and the claim (number) or omission (item) it is about."""

    question: str
    claim: int | None
    item: str | None
    spans: list[Span]


class PlainTerm(Struct, kw_only=True, frozen=True):
    """The plain words for loaded term number `term`, from 1; "" to leave it out."""

    term: int
    words: str


class GroundedProse(Struct, kw_only=True, frozen=True):
    """The prose; null and [] for what fell."""

    deck: str | None
    emphasis: str | None
    frame: str | None
    objective: str | None
    plain_english: str | None
    believe: str | None
    hard_to_question: str | None
    how: str | None
    likely_summary: str | None
    faithful_summary: str | None
    summary: str | None
    tldr: list[str]
    questions: list[GroundedQuestion]
    spin_vs_substance: list[GroundedContrast]
    plain_terms: list[PlainTerm]
    drops: Drops
    dropped_share: Share


class ReviewedPlace(Struct, kw_only=True, frozen=True):
    """Whether the model keeps the rules' finding at an address (`asked_findings.py`), and why, if it says so."""

    address: str
    kept: bool
    why: str | None


class GroundedReview(Struct, kw_only=True, frozen=True):
    """The model's choices, in text order."""

    places: list[ReviewedPlace]
    drops: Drops
