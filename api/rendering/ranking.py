"""The order in which findings are shown."""

from collections.abc import Iterable

from schemas.assessments import Assessment, Finding

MAX_SHOWN = 10  # findings, and loaded terms, on the card and the page
LEAST_POINTS = 50  # hundredths


def ranked(assessment: Assessment) -> list[Finding]:
    """Findings without a type first, since they have no points but must be seen.

    Then those that more readers would mark, and those with more points.
    """
    return sorted(
        assessment.findings,
        key=lambda f: (
            f.type is not None,
            -(f.chance or 0),
            -abs(f.points),
            f.spans[0].start,
        ),
    )


def shown(findings: Iterable[Finding], *, by_model: bool = False) -> list[Finding]:
    """The first ranked findings with at least half a point.

    `by_model`: with any points, since there most of a score is its band's.
    """
    least = 1 if by_model else LEAST_POINTS
    return [f for f in findings if f.type is None or abs(f.points) >= least][:MAX_SHOWN]
