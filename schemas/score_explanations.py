"""Score explanations: a verdict's ledger as a waterfall, and its ablations."""

from typing import Literal

from msgspec import Struct

from schemas.assessments import Ablation, EngineRef, LedgerRow, NotScorable, Score, Share, Spin
from schemas.enums import ReadAgainKind, SpinType
from schemas.spans import Span


class Outcome(Struct, kw_only=True, frozen=True):
    """A score and its primary type."""

    score: Score
    primary: SpinType


class Step(LedgerRow, kw_only=True, frozen=True):
    """A ledger row as a step of the waterfall.

    `total` is the sum of the points so far, in hundredths; the last total is 100 times the score. `spans` are
    all spans of a finding (with null quotes if the quote budget is used up), or those `ranges` of a feature that
    the verdict quotes. `type` is the finding's type. `without` is the verdict without the finding; null for
    other rows.
    """

    total: int
    type: SpinType | None
    spans: list[Span]
    without: Outcome | None


class ReadAgain(Struct, kw_only=True, frozen=True):
    """The verdict of the same engine on the text without these sentences, under the same rulings.

    `spans` are the sentences left out, in the verdict's own text. `type` is the primary type if `kind` is `type`,
    else null. If too little text is left, `not_scorable` gives the reason, and the others are null.
    """

    kind: ReadAgainKind
    type: SpinType | None
    spans: list[Span]
    score: Score | None
    primary: SpinType | None
    confidence: Share | None
    not_scorable: NotScorable | None


class ScoreExplanation(Struct, kw_only=True, frozen=True):
    """How a verdict's score is computed, in ledger order, with two grades of ablations.

    `ablations` are those of the verdict: the same reading, weighed without some findings. `read_again` are texts
    without some sentences, each judged anew: up to five sentences, those that change the score most first, then
    all with findings of the primary type, then all with findings. It is null until it is requested. A text that
    cannot be scored has no steps; `not_scorable` gives the reason.
    """

    object: Literal["score_explanation"] = "score_explanation"
    verdict_id: str | None
    story_id: str | None
    version: int | None
    engine: EngineRef
    text_sha256: str
    not_scorable: NotScorable | None
    spin: Spin | None
    steps: list[Step]
    ablations: list[Ablation] | None
    read_again: list[ReadAgain] | None = None  # default for explanations of older services
