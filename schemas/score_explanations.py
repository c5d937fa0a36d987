"""Score explanations: a verdict's ledger as a waterfall, and its ablations."""

from typing import Literal

from msgspec import Struct

from schemas.assessments import Ablation, EngineRef, LedgerRow, NotScorable, Score, Spin
from schemas.enums import SpinType
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


class ScoreExplanation(Struct, kw_only=True, frozen=True):
    """How a verdict's score is computed, in ledger order, with the verdict's ablations.

    A text that cannot be scored has no steps; `not_scorable` gives the reason.
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
