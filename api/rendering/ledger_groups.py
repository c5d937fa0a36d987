"""The ledger with rows grouped by rule."""

from schemas.assessments import LedgerRow
from schemas.enums import LedgerRowKind


def ledger_groups(ledger: list[LedgerRow], most: int) -> list[tuple[str, int]]:
    """(label, hundredths) of the base, at most `most` rules, largest first, and the closing rows.

    They add up to the score; the smallest rules share one group.
    """
    sums: dict[tuple[LedgerRowKind, str], tuple[str, int, int]] = {}
    for row in ledger:
        label, points, count = sums.get((row.kind, row.rule), (row.label, 0, 0))
        sums[row.kind, row.rule] = (label, points + row.points, count + 1)
    opening, rules, closing = [], [], []
    for (kind, _), (label, points, count) in sums.items():
        if not points:
            continue
        if kind is LedgerRowKind.BASE:
            opening.append((label, points))
        elif kind in (LedgerRowKind.ROUNDING, LedgerRowKind.CLAMP):
            closing.append((label, points))
        else:
            rules.append((f"{label} ×{count}" if count > 1 else label, points))
    rules.sort(key=lambda group: -abs(group[1]))
    if len(rules) > most:
        small = rules[most - 1 :]
        rules[most - 1 :] = [(f"{len(small)} smaller ones", sum(points for _, points in small))]
    return [*opening, *rules, *closing]
