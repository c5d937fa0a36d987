"""An engine's result for one article: no ids, no times, so that equal input gives equal bytes.

Every key is always present: null means that the engine cannot fill the field, [] that it found nothing.
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
    HappeningKind,
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
    Writer,
)
from schemas.spans import Range, Span

Score = Annotated[int, Meta(ge=0, le=100)]
Share = Annotated[float, Meta(ge=0, le=1)]


class EngineRef(Struct, kw_only=True, frozen=True):
    """The engine that made the assessment. `digest` covers its rules, weights and numeric backend."""

    name: str
    version: str
    digest: str


class ModelUse(Struct, kw_only=True, frozen=True):
    """The language model whose answers the assessment uses, as far as the text supports them.

    `name` is the model's, `prompt` the digest of the instructions, `proposal` that of the stored answers: equal
    answers give an equal assessment. `recorded`: the answers were imported, and no model was called. `language`
    is that of its sentences (ISO 639-1). `calibrated`: scores by models were compared with labelled texts in the
    text's language; others count in no mean and no profile. `written_by` says who wrote each field that readers
    see, by its path ("mechanics.how"). `passed` counts the parts of the answers that passed the checks,
    `repaired` those among them whose quote was set right, `dropped` the others by reason.
    """

    name: str
    prompt: str
    proposal: str
    recorded: bool
    language: str
    calibrated: bool
    written_by: dict[str, Writer]
    passed: int
    repaired: int
    dropped: dict[str, int]


class NotScorable(Struct, kw_only=True, frozen=True):
    """Why the text cannot be scored; `detail` explains it in one sentence."""

    reason: NotScorableReason
    detail: str


class Spin(Struct, kw_only=True, frozen=True):
    """The verdict on the framing. `tactic` is a code of the primary type; null if the type is `none`.

    `interval` is the 90 % interval [low, high] of the score; `confidence` is the probability of `primary`. If
    `satire` is true, the text reads as satire: it has no type, and its statements must not be repeated as fact.
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
    satire: bool = False  # default for verdicts stored before the field existed
    emphasis: str | None


class Happening(Struct, kw_only=True, frozen=True):
    """What happened: the kind of event, who acts, and the sentence that tells it (in an argument, its thesis)."""

    kind: HappeningKind
    subject: str | None
    spans: list[Span]


class LedgerRow(Struct, kw_only=True, frozen=True):
    """One step from zero to the score. The points of all rows add up to the score exactly.

    `rule` names a detector or a feature; `finding` is the id of the finding that earned the points (`f1` ...).
    Findings and features have ranges; rounding and clamp do not, and a base has them only if it is the band
    that a language model named, with the words that stand for it. Points are hundredths of a score point, so
    that sums are exact integers. A feature that is a share has its `count` of `of`, and in `plain` the share
    in plain reports, above which it earns points; it may earn none. `loaded_wording` counts the findings with
    points, of all words of the text.
    """

    kind: LedgerRowKind
    rule: str
    label: str
    points: int
    finding: str | None
    ranges: list[Range]
    count: int | None = None  # defaults for verdicts stored before the fields existed
    of: int | None = None
    plain: Share | None = None


class Finding(Struct, kw_only=True, frozen=True):
    """One place where one or more rules detect framing of one type.

    `id` is `f1`, `f2` ... in text order. `rule` is the most telling of `rules`; label, explanation and tactic are
    its own. `voice` is `document` or the name of the quoted speaker. `type` and `tactic` are null for findings
    outside the six types (satire, text that addresses the scorer). `points` are hundredths of a score point, as
    in the ledger; 0 if the finding adds nothing. `chance` estimates how many of a hundred readers would mark
    words of the place. In verdicts of engines before 0.11 each finding has one rule, `rules` is empty and
    `chance` null.
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
    rules: list[str] = []
    chance: Annotated[int, Meta(ge=0, le=100)] | None = None

    @property
    def all_rules(self) -> list[str]:
        """Every rule of the place."""
        return list(dict.fromkeys([self.rule, *self.rules]))


class LoadedTerm(Struct, kw_only=True, frozen=True):
    """A word or phrase of the text that carries the framing.

    In a verdict those of the primary type come first, then those that more readers would mark.
    """

    term: str
    type: SpinType
    voice: str
    spans: list[Span]


class Ablation(Struct, kw_only=True, frozen=True):
    """The verdict if some of its findings were dismissed.

    `kind` says which findings are removed: `finding`, one finding; `term`, the findings that rest on loaded term
    number `term` (from 1); `type`, all findings of `type`; `flip`, the strongest findings of `type`, the primary
    type, as many as it takes to change the primary type (for satire: the satire finding); `chosen`, the findings
    given to `unspun explain`. `type` and `term` are null otherwise. `finding_ids` are the removed findings.
    Removals that would change nothing have no entry.
    """

    kind: AblationKind
    type: SpinType | None
    term: Annotated[int, Meta(ge=1)] | None
    finding_ids: list[str]
    score: Score
    primary: SpinType


class MissingEvidence(Struct, kw_only=True, frozen=True):
    """A checklist item that the text lacks for a claim: its code, and in `looked_for` what was searched for."""

    item: str
    text: str
    looked_for: str


class Claim(Struct, kw_only=True, frozen=True):
    """A checkable sentence of the text. `number` counts from 1, the most central claim first.

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
    """A speaker in the text. `share` is the share of the text's characters in the speaker's words."""

    name: str
    description: str | None
    share: Share
    spans: list[Span]


class MissingVoice(Struct, kw_only=True, frozen=True):
    """A party affected by a claim, or competent to judge it, that is not quoted. `claims` are claim numbers."""

    code: str
    name: str
    why: str
    claims: list[int]


class EntityMention(Struct, kw_only=True, frozen=True):
    """A named thing in the text. `salience`, from 0 to 1, is how central it is to the text."""

    name: str
    type: EntityType
    salience: Share
    spans: list[Span]


class Beneficiary(Struct, kw_only=True, frozen=True):
    """Someone who gains if the frame spreads, and the reason."""

    name: str
    why: str
    spans: list[Span]


class KeyStat(Struct, kw_only=True, frozen=True):
    """A figure in the text: the words of the number, and the part of the sentence that says what it measures."""

    value: str
    measures: str
    spans: list[Span]


class Question(Struct, kw_only=True, frozen=True):
    """A question that the text raises, and its origin: a claim (number) or an omission (checklist item)."""

    question: str
    claim: int | None
    item: str | None
    spans: list[Span]


class AnsweredQuestion(Struct, kw_only=True, frozen=True):
    """A question that the text answers, and where."""

    question: str
    answer: str
    spans: list[Span]


class Omission(Struct, kw_only=True, frozen=True):
    """What the text leaves out: the item, what was searched for, and the numbers of the claims that lack it.

    Without claims, the item is missing from the account of what happened (`happening`).
    """

    item: str
    text: str
    looked_for: str | None = None  # default for verdicts stored before the field existed
    claims: list[int]


class Mechanics(Struct, kw_only=True, frozen=True):
    """How the framing works. Each sentence quotes words of the story, or is null."""

    plain_english: str | None
    believe: str | None
    hard_to_question: str | None
    how: str | None


class SpinSide(Struct, kw_only=True, frozen=True):
    """One side of a pair: a sentence with its spans, or in `absent` what the text lacks."""

    text: str | None
    absent: str | None
    spans: list[Span]


class SpinVsSubstance(Struct, kw_only=True, frozen=True):
    """What the text suggests, next to what it shows."""

    spin: SpinSide
    substance: SpinSide


class Integrity(Struct, kw_only=True, frozen=True):
    """How well the text supports itself, and how it may change when retold.

    `likely_ai_summary` is the sentence a summariser would repeat as fact; `faithful_summary` is the same
    sentence with its attribution and hedges restored, or marked as satire.
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
    """The publisher, its purpose, and its distance from the story's subject.

    `publisher` wrote the text; `host` is the site that carries it, if different or if no publisher is named.
    `confidence` is the probability of `publisher_type` if it was inferred; null if it was given, or is unknown
    (`other`).
    """

    publisher: str | None
    publisher_type: SourceType
    confidence: Share | None = None  # default for verdicts stored before the field existed
    host: str | None
    intent: Intent
    independence: Independence


class Assessment(Struct, kw_only=True, frozen=True):
    """An engine's complete result for one article record.

    `input_digest` is the SHA-256 of the article record; `text_sha256` is the SHA-256 of the analysed text, into
    which all spans point. If `status` is `not_scorable`, `not_scorable` gives the reason, `spin` is null and
    lists are empty. Fields that make no sense for satire are null.
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
    model: ModelUse | None = None  # null: no language model
    # null in verdicts stored before these two fields existed: stored verdicts never change
    ablations: list[Ablation] | None = None
    happening: Happening | None = None
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
