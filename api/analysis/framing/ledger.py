"""Builds the ledger: the steps from zero to the score, exact to the hundredth.

Every point traces to a rule, and those of findings and features to words of the text.
"""

from collections.abc import Sequence

from api.analysis.framing.evidence import Evidence
from api.analysis.framing.scoring import Scored
from api.analysis.models.encoder_measures import LABELS as ENCODER_LABELS
from api.analysis.models.wording_measures import LABELS as WORDING_LABELS
from api.analysis.text.features import FEATURES
from api.analysis.text.signals import Measure
from schemas.assessments import LedgerRow
from schemas.enums import LedgerRowKind
from schemas.spans import Range

_LABELS = {feature.code: feature.label for feature in FEATURES} | WORDING_LABELS | ENCODER_LABELS


def finding_id(number: int) -> str:
    """The id of the finding at index `number` in the order of the text."""
    return f"f{number + 1}"


def ledger(evidence: Sequence[Evidence], measures: Sequence[Measure], scored: Scored) -> list[LedgerRow]:
    """Base, findings in the order of the text, features, rounding, clamp.

    Rows without points are omitted, except the base.
    """
    rows = [_row(LedgerRowKind.BASE, "base", "Where every text starts", scored.base)]
    for number, (item, points) in enumerate(zip(evidence, scored.findings, strict=True)):
        if points:
            rows.append(
                _row(
                    LedgerRowKind.FINDING,
                    item.detector.code,
                    item.detector.label,
                    points,
                    finding=finding_id(number),
                    ranges=[Range(start=item.hit.start, end=item.hit.end)],
                )
            )
    for measure, points in zip(measures, scored.features, strict=True):
        if points:
            ranges = [Range(start=start, end=end) for start, end in measure.places]
            rows.append(
                _row(LedgerRowKind.FEATURE, measure.code, _LABELS[measure.code], points, ranges=ranges)
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
) -> LedgerRow:
    return LedgerRow(kind=kind, rule=rule, label=label, points=points, finding=finding, ranges=ranges or [])
