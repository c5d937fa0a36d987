"""The order in which findings are shown."""

from collections.abc import Iterable

from schemas.assessments import Finding


def ranked(findings: Iterable[Finding]) -> list[Finding]:
    """What stands outside the six types first, since it has no points and must be seen; then the weightiest."""
    return sorted(findings, key=lambda f: (f.type is not None, -abs(f.points), f.spans[0].start))
