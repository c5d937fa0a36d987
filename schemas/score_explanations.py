"""Explanations of scores: a verdict's ledger as a waterfall, and what would change its result."""

from typing import Literal

from msgspec import Struct

from schemas.assessments import Ablation, EngineRef, LedgerRow, NotScorable, Score, Spin
from schemas.enums import SpinType
from schemas.spans import Span


class Outcome(Struct, kw_only=True, frozen=True):
    """A score, and the primary type beside it."""

    score: Score
    primary: SpinType


class Step(LedgerRow, kw_only=True, frozen=True):
    """A row of the ledger, in its place in the waterfall.

    `total` is the sum of the points up to here, in hundredths; that of the last step is 100 times the score.
    `spans` are the places whose words are served: all of a finding's (its quote is null where the story's quote
    budget is used up), of a feature's `ranges` those that the verdict quotes anyway. `type` is that of the
    finding; `without` says what the verdict would be without the finding, null where the step is none.
    """

    total: int
    type: SpinType | None
    spans: list[Span]
    without: Outcome | None


class ScoreExplanation(Struct, kw_only=True, frozen=True):
    """How a verdict's score comes about, step by step, in the order of the ledger; and its ablations.

    A text that cannot be judged has no steps, and says why. `ablations` are the verdict's.
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
