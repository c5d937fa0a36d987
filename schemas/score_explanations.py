"""Score explanations: a verdict's ledger in parts and as a waterfall, and its ablations."""

from typing import Literal

from msgspec import Struct

from schemas.assessments import Ablation, EngineRef, LedgerRow, NotScorable, Score, Share, Spin
from schemas.enums import ReadAgainKind, ScorePartCode, SpinType
from schemas.spans import Span


class Outcome(Struct, kw_only=True, frozen=True):
    """A score and its primary type."""

    score: Score
    primary: SpinType


class TypePoints(Struct, kw_only=True, frozen=True):
    """The points, in hundredths, of all findings of one type."""

    type: SpinType
    points: int


class ScorePart(Struct, kw_only=True, frozen=True):
    """Ledger rows of one kind as one line of the explanation.

    `points` is the sum of the rows, `total` the sum of the parts so far, in hundredths; the last total is 100
    times the score. `count` is a number of places, `of` the number of all words (of loaded wording), sentences,
    claims or items, and `plain` the share in plain reports. `facts` says these numbers in words. `types` has the
    points of loaded wording by type. `spans` are the most telling findings, or words of the strongest sentences
    that the verdict quotes.
    """

    code: ScorePartCode
    label: str
    facts: str
    points: int
    total: int
    count: int | None
    of: int | None
    plain: Share | None
    types: list[TypePoints]
    spans: list[Span]


class Step(LedgerRow, kw_only=True, frozen=True):
    """A ledger row as a step of the waterfall.

    `total` is the sum of the points so far, in hundredths; the last total is 100 times the score. `spans` are
    all spans of a finding (with null quotes if the quote budget is used up), or those `ranges` of a feature that
    the verdict quotes. `type` is the finding's type. `without` is the verdict without the finding; null for
    other rows. `part` is the part of the score to which the row belongs.
    """

    part: ScorePartCode
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
    """How a verdict's score is computed, in parts and in ledger order, with two grades of ablations.

    `ablations` are those of the verdict: the same reading, weighed without some findings. `read_again` are texts
    without some sentences, each judged again: up to five sentences, those that change the score most first, then
    all with findings of the primary type, then all with findings. It is null until it is requested. A text that
    cannot be scored has no parts and no steps; `not_scorable` gives the reason.
    """

    object: Literal["score_explanation"] = "score_explanation"
    verdict_id: str | None
    story_id: str | None
    version: int | None
    engine: EngineRef
    text_sha256: str
    not_scorable: NotScorable | None
    spin: Spin | None
    parts: list[ScorePart]
    steps: list[Step]
    ablations: list[Ablation] | None
    read_again: list[ReadAgain] | None = None  # default for explanations of older services
