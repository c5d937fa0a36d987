"""Builds the ledger: the steps from zero to the score, exact to the hundredth.

Every point traces to a rule, and those of findings and features to words of the text.
"""

from collections.abc import Sequence

from api.analysis.framing.evidence import Evidence
from api.analysis.framing.places import Place, finding_id
from api.analysis.framing.scoring import Scored
from api.analysis.models.wording_measures import LABELS as WORDING_LABELS
from api.analysis.text.features import FEATURES
from api.analysis.text.signals import Measure
from schemas.assessments import LedgerRow
from schemas.enums import LedgerRowKind
from schemas.spans import Range

_LABELS = {feature.code: feature.label for feature in FEATURES} | WORDING_LABELS


def ledger(
    evidence: Sequence[Evidence], findings: Sequence[Place], measures: Sequence[Measure], scored: Scored
) -> list[LedgerRow]:
    """Base, findings in the order of the text, features, rounding, clamp.

    Rows without points are omitted, except the base. A finding has the points of all its evidence.
    """
    rows = [_row(LedgerRowKind.BASE, "base", "Where every text starts", scored.base)]
    for number, place in enumerate(findings):
        if points := scored.points_at(place.items):
            leading = evidence[place.items[0]].detector
            rows.append(
                _row(
                    LedgerRowKind.FINDING,
                    leading.code,
                    leading.label,
                    points,
                    finding=finding_id(number),
                    ranges=[Range(start=place.start, end=place.end)],
                )
            )
    for measure, points in zip(measures, scored.features, strict=True):
        if points or measure.of is not None:
            ranges = [Range(start=start, end=end) for start, end in measure.places]
            rows.append(
                _row(
                    LedgerRowKind.FEATURE,
                    measure.code,
                    measure.label or _LABELS[measure.code],
                    points,
                    ranges=ranges,
                    count=measure.count,
                    of=measure.of,
                )
            )
    if scored.rounding:
        rows.append(_row(LedgerRowKind.ROUNDING, "rounding", "To a whole number", scored.rounding))
    if scored.clamp:
        rows.append(_row(LedgerRowKind.CLAMP, "clamp", "Kept within 0 and 100", scored.clamp))
    return rows


def _row(
    kind: LedgerRowKind,
    rule: str,
    label: str,
    points: int,
    *,
    finding: str | None = None,
    ranges: list[Range] | None = None,
    count: int | None = None,
    of: int | None = None,
) -> LedgerRow:
    return LedgerRow(
        kind=kind,
        rule=rule,
        label=label,
        points=points,
        finding=finding,
        ranges=ranges or [],
        count=count,
        of=of,
    )
