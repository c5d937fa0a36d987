"""What an engine says of one article: no ids, no times, so that equal input gives equal bytes.

Keys are never left out: null means that this engine cannot fill the field, [] that it found none.
"""

from typing import Annotated

from msgspec import Meta, Struct

from schemas.enums import (
    AblationKind,
    Band,
    ClaimKind,
    ClaimRole,
    ClaimSupport,
    EntityType,
    EvidenceStrength,
    Independence,
    Intent,
    LedgerRowKind,
    NotScorableReason,
    Risk,
    SourceType,
    SpinType,
    Stance,
    StoryStatus,
    Verification,
)
from schemas.spans import Range, Span

Score = Annotated[int, Meta(ge=0, le=100)]
Share = Annotated[float, Meta(ge=0, le=1)]


class EngineRef(Struct, kw_only=True, frozen=True):
    """Which engine spoke. `digest` covers its rules, weights and numeric backend."""

    name: str
    version: str
    digest: str


class NotScorable(Struct, kw_only=True, frozen=True):
    """Why the input cannot be judged; `detail` is a sentence for people."""

    reason: NotScorableReason
    detail: str


class Spin(Struct, kw_only=True, frozen=True):
    """The verdict on the framing. `tactic` is a code of the primary type, null for `none`.

    `interval` holds the score's 90 % interval [low, high]; `confidence` is the probability of `primary`.
    `satire`: the text reads as satire, so it has no type, and what it says is not to be repeated as fact.
    """

    primary: SpinType
    secondary: SpinType | None
    tactic: str | None
    tactic_name: str | None
    score: Score
    band: Band
    confidence: Share | None
    interval: tuple[Score, Score] | None
    stance: Stance
    satire: bool = False  # in verdicts stored before it was asked too
    emphasis: str | None


class LedgerRow(Struct, kw_only=True, frozen=True):
    """One step from zero to the score. The points of all rows add up to the score exactly.

    `rule` names a detector or a feature, `finding` the finding that earned the points (`f1` ...).
    Findings and features have ranges; base, rounding and clamp have none. Points are in hundredths of a
    score point, so that sums are exact integers.
    """

    kind: LedgerRowKind
    rule: str
    label: str
    points: int
    finding: str | None
    ranges: list[Range]


class Finding(Struct, kw_only=True, frozen=True):
    """One place where a rule sees framing at work.

    `id` is `f1`, `f2` ... in the order of the text. `voice` is `document` or the name of the speaker who is
    quoted. `type` and `tactic` are null for findings outside the six types (satire, text that addresses the
    scorer). `points` are hundredths of a score point, as in the ledger; 0 where the finding adds none.
    """

    id: str
    rule: str
    label: str
    explanation: str
    type: SpinType | None
    tactic: str | None
    voice: str
    points: int
    spans: list[Span]


class LoadedTerm(Struct, kw_only=True, frozen=True):
    """A word or phrase of the text that carries the framing."""

    term: str
    type: SpinType
    voice: str
    spans: list[Span]


class Ablation(Struct, kw_only=True, frozen=True):
    """What the verdict would be without some of its findings: what the engine says where rulings dismiss them.

    `kind` says what is left out: `finding`, one finding that counts; `term`, the findings that live by the
    words of loaded term number `term`, counted from 1; `type`, all findings of `type`; `flip`, the weightiest
    findings of `type`, which is the primary one, as many as it takes until the primary type is another (of
    satire, whose type is `none`, the finding that says so); `chosen`, what somebody asked `unspun explain` to
    leave out. `type` and `term` are null elsewhere. `finding_ids` are the findings left out. What has no
    entry would change nothing.
    """

    kind: AblationKind
    type: SpinType | None
    term: Annotated[int, Meta(ge=1)] | None
    finding_ids: list[str]
    score: Score
    primary: SpinType


class MissingEvidence(Struct, kw_only=True, frozen=True):
    """A checklist item that the text lacks for a claim. `item` is its code, `looked_for` what was searched."""

    item: str
    text: str
    looked_for: str


class Claim(Struct, kw_only=True, frozen=True):
    """A checkable sentence of the text. `number` counts from 1, the most central first.

    `voice` is `document` or the speaker's name. `hedges` are the words that limit the claim.
    """

    number: int
    text: str | None
    role: ClaimRole
    kind: ClaimKind
    support: ClaimSupport
    verification: Verification
    risk: Risk
    voice: str
    hedges: list[str]
    missing_evidence: list[MissingEvidence] | None
    spans: list[Span]


class Voice(Struct, kw_only=True, frozen=True):
    """Someone who speaks in the text: `share` is the share of the text's characters in their words."""

    name: str
    description: str | None
    share: Share
    spans: list[Span]


class MissingVoice(Struct, kw_only=True, frozen=True):
    """A party affected by, or competent on, a claim, who does not speak. `claims` are claim numbers."""

    code: str
    name: str
    why: str
    claims: list[int]


class EntityMention(Struct, kw_only=True, frozen=True):
    """A named thing in the text. `salience` 0-1: how central it is to this text."""

    name: str
    type: EntityType
    salience: Share
    spans: list[Span]


class Beneficiary(Struct, kw_only=True, frozen=True):
    """Who gains if the frame spreads, and why this text says so."""

    name: str
    why: str
    spans: list[Span]


class KeyStat(Struct, kw_only=True, frozen=True):
    """A figure of the text: the words of the number, and the sentence part that says what it measures."""

    value: str
    measures: str
    spans: list[Span]


class Question(Struct, kw_only=True, frozen=True):
    """A question with its ground: the claim (number) or the omission (checklist item) that raises it."""

    question: str
    claim: int | None
    item: str | None
    spans: list[Span]


class AnsweredQuestion(Struct, kw_only=True, frozen=True):
    """A question that the text itself answers, and where."""

    question: str
    answer: str
    spans: list[Span]


class Omission(Struct, kw_only=True, frozen=True):
    """What got left out: the checklist item, and the claims (numbers) that lack it."""

    item: str
    text: str
    claims: list[int]


class Mechanics(Struct, kw_only=True, frozen=True):
    """How the framing works. Each sentence names this story's own words, or is null."""

    plain_english: str | None
    believe: str | None
    hard_to_question: str | None
    how: str | None


class SpinSide(Struct, kw_only=True, frozen=True):
    """One side of a pair: a sentence with its spans, or an explicit absence (`absent`: what the text lacks)."""

    text: str | None
    absent: str | None
    spans: list[Span]


class SpinVsSubstance(Struct, kw_only=True, frozen=True):
    """What is suggested, beside what the text shows for it."""

    spin: SpinSide
    substance: SpinSide


class Integrity(Struct, kw_only=True, frozen=True):
    """How well the text supports itself, and what may happen to it in a retelling.

    `likely_ai_summary` is the sentence a summariser would repeat as fact; `faithful_summary` is the same
    with attribution and hedge restored, or as a sentence of a text that reads as satire.
    """

    evidence_strength: EvidenceStrength
    verification: Verification
    narrative_risk: Risk
    narrative_risk_reasons: list[str]
    ai_repetition_risk: Risk
    ai_repetition_risk_reasons: list[str]
    likely_ai_summary: str | None
    faithful_summary: str | None


class SourceRole(Struct, kw_only=True, frozen=True):
    """Who publishes, to what end, and how far from the story's subject.

    `publisher` is who wrote the piece; `host` who carries it, where that is another.
    """

    publisher: str | None
    publisher_type: SourceType
    host: str | None
    intent: Intent
    independence: Independence


class Assessment(Struct, kw_only=True, frozen=True):
    """An engine's whole answer on one article record.

    `input_digest` is the SHA-256 of the article record, `text_sha256` that of the analysed text into which
    all spans point. With status `not_scorable`, `not_scorable` says why, `spin` is null and lists are empty.
    Of satire, what only a text that means what it says can be asked is null.
    """

    status: StoryStatus
    not_scorable: NotScorable | None
    engine: EngineRef
    taxonomy_version: str
    input_digest: str
    text_sha256: str
    spin: Spin | None
    ledger: list[LedgerRow]
    findings: list[Finding]
    loaded_terms: list[LoadedTerm]
    # null in verdicts stored before there were any: their rows never change, and must stay readable
    ablations: list[Ablation] | None = None
    deck: str | None
    summary: str | None
    tldr: list[str]
    keywords: list[str]
    key_stats: list[KeyStat] | None
    questions_answered: list[AnsweredQuestion] | None
    frame: str | None
    objective: str | None
    mechanics: Mechanics | None
    spin_vs_substance: list[SpinVsSubstance] | None
    questions_raised: list[Question] | None
    beneficiaries: list[Beneficiary] | None
    left_out: list[Omission] | None
    integrity: Integrity | None
    source_role: SourceRole
    voices: list[Voice] | None
    missing_voices: list[MissingVoice] | None
    entities: list[EntityMention] | None
    claims: list[Claim]
    categories: list[str]
    vertical: str | None
