"""The answers that a language model gives on a text: a judgement, then prose; a review of the rules' findings.

The judgement names places by the number of a sentence and a quote; the quote stands before its label, so that the
model reads before it judges. Each sentence of the prose names the sentences and items on which it rests. Fields
are unchecked until `ground_judgement.py`, `ground_prose.py` and `ground_review.py` have read them. "" means that
there is none.
"""

from enum import StrEnum

from msgspec import Struct

from schemas.enums import (
    Band,
    ClaimKind,
    ClaimRole,
    ClaimSupport,
    EvidenceStrength,
    HappeningKind,
    Independence,
    Intent,
    SourceType,
    SpinType,
    Stance,
)


class BandPart(StrEnum):
    """Where in its band a text stands: thirds of the band's width."""

    LOWER = "lower"
    MIDDLE = "middle"
    UPPER = "upper"


OTHER = "other"  # an omission that is no item of the question table


class ProposedHappening(Struct, kw_only=True, frozen=True):
    """What happened: the number of the sentence that tells it, and who acts, in words of the text."""

    sentence: int
    subject: str
    kind: HappeningKind


class ProposedFinding(Struct, kw_only=True, frozen=True):
    """A place that steers. `voice` is `document` or the speaker, `weight` 0 (trace) to 3 (carries the text)."""

    sentence: int
    quote: str
    voice: str
    type: SpinType
    tactic: str
    weight: int
    why: str


class ProposedTerm(Struct, kw_only=True, frozen=True):
    """A loaded word or phrase of the text."""

    sentence: int
    quote: str
    voice: str
    type: SpinType


class ProposedClaim(Struct, kw_only=True, frozen=True):
    """A checkable statement, the most central first. `speaker` is `document` or who makes it."""

    sentence: int
    quote: str
    speaker: str
    role: ClaimRole
    kind: ClaimKind
    support: ClaimSupport


class ProposedOmission(Struct, kw_only=True, frozen=True):
    """What the text leaves out: an item of the question table, or `other` with a `text` of its own.

    `looked_for` are phrasings by which the text would have said it.
    """

    item: str
    text: str
    looked_for: list[str]


class ProposedBeneficiary(Struct, kw_only=True, frozen=True):
    """Someone who gains if the frame spreads, by the name in the text."""

    sentence: int
    name: str
    why: str


class ProposedVoice(Struct, kw_only=True, frozen=True):
    """A party of the question table that should have been heard."""

    party: str


class ProposedSource(Struct, kw_only=True, frozen=True):
    """The publisher's kind, its purpose, and its distance from the subject."""

    publisher_type: SourceType
    intent: Intent
    independence: Independence


class ProposedAnchor(Struct, kw_only=True, frozen=True):
    """The place that shows best why the text is in its band."""

    sentence: int
    quote: str


class Judgement(Struct, kw_only=True, frozen=True):
    """The first answer. `secondary` is `none` and `tactic` "" if there is none."""

    happening: ProposedHappening | None = None
    findings: list[ProposedFinding] = []
    loaded_terms: list[ProposedTerm] = []
    claims: list[ProposedClaim] = []
    omissions: list[ProposedOmission] = []
    beneficiaries: list[ProposedBeneficiary] = []
    missing_voices: list[ProposedVoice] = []
    source: ProposedSource | None = None
    evidence_strength: EvidenceStrength
    stance: Stance
    primary: SpinType
    secondary: SpinType
    tactic: str
    anchor: ProposedAnchor | None = None
    band: Band
    part: BandPart = BandPart.MIDDLE


class Passage(Struct, kw_only=True, frozen=True):
    """A sentence with the numbers of the sentences and the ids of the items (`f1`, `c2`) on which it rests."""

    sentences: list[int]
    items: list[str]
    text: str


class ProposedContrast(Struct, kw_only=True, frozen=True):
    """What the text suggests, and what it shows."""

    spin: Passage
    substance: Passage


class ProposedPlainTerm(Struct, kw_only=True, frozen=True):
    """Words that say the same as a loaded term (`t1`) without its load; "" if nothing is lost without it."""

    item: str
    words: str


class Prose(Struct, kw_only=True, frozen=True):
    """The second answer, from the text and what survived of the first."""

    deck: Passage | None = None
    emphasis: Passage | None = None
    frame: Passage | None = None
    objective: Passage | None = None
    plain_english: Passage | None = None
    believe: Passage | None = None
    hard_to_question: Passage | None = None
    how: Passage | None = None
    likely_summary: Passage | None = None
    faithful_summary: Passage | None = None
    summary: list[Passage] = []
    tldr: list[Passage] = []
    questions: list[Passage] = []
    spin_vs_substance: list[ProposedContrast] = []
    plain_terms: list[ProposedPlainTerm] = []


class Choice(StrEnum):
    """What becomes of a finding of the rules."""

    KEEP = "keep"
    REJECT = "reject"


class ProposedChoice(Struct, kw_only=True, frozen=True):
    """Whether a finding stands; `finding` is its address (`asked_findings.py`)."""

    finding: str
    verdict: Choice
    why: str


class Review(Struct, kw_only=True, frozen=True):
    """The third answer: an entry for each finding of the rules that was asked about."""

    findings: list[ProposedChoice]
