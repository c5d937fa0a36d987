"""Compares two assessments of one text; `schemas/agreements.py` says what the numbers mean."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from api.analysis.text.article import Article
from api.analysis.text.sentences import sentence_bounds
from schemas.agreements import Agreement, OtherJudge, ReviewedFinding
from schemas.assessments import Assessment

CONTESTED_FROM: Final = 21  # points of distance
_DIGITS: Final = 3


def agreement(
    published: Assessment, other: Assessment, article: Article, reviewed: Sequence[ReviewedFinding] = ()
) -> Agreement | None:
    """How far the published assessment of an article and the other one agree; None if one is not scored.

    `reviewed` are the model's choices among the rules' findings.
    """
    if published.spin is None or other.spin is None:
        return None
    starts = [start for start, _ in sentence_bounds(article.text, article.body_start)[0]]
    left, right = (_marked(assessment, starts) for assessment in (published, other))
    same_type = published.spin.primary is other.spin.primary
    distance = abs(published.spin.score - other.spin.score)
    return Agreement(
        type=same_type,
        score_distance=distance,
        findings=round(len(left & right) / len(left | right), _DIGITS) if left | right else 1.0,
        contested=not same_type or distance >= CONTESTED_FROM,
        other=OtherJudge(
            engine=other.engine,
            primary=other.spin.primary,
            score=other.spin.score,
            confidence=other.spin.confidence,
        ),
        reviewed=list(reviewed),
    )


def _marked(assessment: Assessment, starts: list[int]) -> set[int]:
    """The numbers of the sentences with words of a finding that has a type."""
    spans = [span for finding in assessment.findings if finding.type is not None for span in finding.spans]
    return {
        number
        for span in spans
        for number in range(bisect_right(starts, span.start) - 1, bisect_right(starts, span.end - 1))
    }
