"""How far two judges of one text agree: rules, and a language model held to the text."""

from typing import Annotated

from msgspec import Meta, Struct

from schemas.assessments import EngineRef, Score, Share
from schemas.enums import SpinType
from schemas.spans import Range


class OtherJudge(Struct, kw_only=True, frozen=True):
    """The judge whose assessment is not the published one; see `/v1/verdicts/{id}/second-opinion`."""

    engine: EngineRef
    primary: SpinType
    score: Score
    confidence: Share | None


class ReviewedFinding(Struct, kw_only=True, frozen=True):
    """A finding of the rules that was shown to the language model: whether it would keep or reject it.

    `rule` and `ranges` are those of the finding in the rules' verdict. `why` is the model's sentence, held to the
    text; null if it gave none that the text supports, which a rejection needs.
    """

    rule: str
    ranges: list[Range]
    kept: bool
    why: str | None


class Agreement(Struct, kw_only=True, frozen=True):
    """Two assessments of one text compared. Each keeps its own confidence.

    `type`: both name the same primary type. `score_distance` is in points. `findings` is the share of sentences
    marked by either that both mark; 1 if neither marks any. `contested`: another type, or more than 20 points.
    `reviewed` are the findings of the rules that the model would keep or reject, in text order. It was asked
    after its own judgement, and its answer changes neither; empty if it was not asked.
    """

    type: bool
    score_distance: Annotated[int, Meta(ge=0, le=100)]
    findings: Share
    contested: bool
    other: OtherJudge
    reviewed: list[ReviewedFinding] = []
