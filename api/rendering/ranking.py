"""The order in which findings are shown."""

from collections.abc import Iterable

from schemas.assessments import Assessment, Finding

MOST_SHOWN = 10  # findings, and loaded terms, on the card and the page
LEAST_POINTS = 50  # hundredths
_FEWEST_SHOWN = 3  # findings of a text none of whose findings has as many points


def ranked(assessment: Assessment) -> list[Finding]:
    """Findings without a type first, since they have no points but must be seen; then those of the primary type.

    Then those that more readers would mark, and those with more points.
    """
    primary = assessment.spin.primary if assessment.spin else None
    return sorted(
        assessment.findings,
        key=lambda f: (
            f.type is not None,
            f.type is not primary,
            -(f.chance or 0),
            -abs(f.points),
            f.spans[0].start,
        ),
    )


def shown(findings: Iterable[Finding]) -> list[Finding]:
    """The first ranked findings with at least half a point; if there are none, the first few."""
    findings = list(findings)
    weighty = [f for f in findings if f.type is None or abs(f.points) >= LEAST_POINTS]
    return weighty[:MOST_SHOWN] or findings[:_FEWEST_SHOWN]
