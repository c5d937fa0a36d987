"""Builds the ledger: the steps from zero to the score, exact to the hundredth.

Every point traces to a rule, and those of findings and features to words of the text.
"""

from collections.abc import Sequence

from api.analysis.framing.evidence import Evidence
from api.analysis.framing.places import Place, finding_id
from api.analysis.framing.scoring import Scored
from api.analysis.models.weights import ScoreWeights
from api.analysis.models.wording_measures import LABELS as WORDING_LABELS
from api.analysis.text.features import FEATURES
from api.analysis.text.signals import Measure
from schemas.assessments import LedgerRow
from schemas.enums import LedgerRowKind, ScorePartCode
from schemas.spans import Range

_PLAIN_BASE = "The mean of plain reports"
_BASE = "Where every text starts"  # the constant of a regression over all texts
_LABELS = {feature.code: feature.label for feature in FEATURES} | WORDING_LABELS


def ledger(
    evidence: Sequence[Evidence],
    findings: Sequence[Place],
    measures: Sequence[Measure],
    scored: Scored,
    words: int,
    weights: ScoreWeights,
) -> list[LedgerRow]:
    """Base, findings in the order of the text, features, rounding, clamp.

    Rows without points are omitted, except the base and counts. A finding has the points of all its evidence;
    the number of findings with points, of all `words`, follows them.
    """
    rows = [_row(LedgerRowKind.BASE, "base", _PLAIN_BASE if weights.plain else _BASE, scored.base)]
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
    if len(rows) > 1:
        code = ScorePartCode.LOADED_WORDING
        rows.append(_row(LedgerRowKind.FEATURE, code, "Loaded places", 0, count=len(rows) - 1, of=words))
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
                    plain=weights.plain.get(measure.code),
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
    plain: float | None = None,
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
        plain=plain,
    )
