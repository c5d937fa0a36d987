"""The order in which findings are shown."""

from collections.abc import Iterable

from schemas.assessments import Finding


def ranked(findings: Iterable[Finding]) -> list[Finding]:
    """Findings without a type first, since they have no points but must be seen; then by points."""
    return sorted(findings, key=lambda f: (f.type is not None, -abs(f.points), f.spans[0].start))
