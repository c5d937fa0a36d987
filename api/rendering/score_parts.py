"""The parts of a score: the ledger in a few lines that a person can check by hand."""

from collections.abc import Iterable, Sequence
from math import floor

from api.rendering.plain_text import words_of
from api.rendering.ranking import LEAST_POINTS, ranked
from schemas.assessments import Assessment, LedgerRow
from schemas.enums import LedgerRowKind, ScorePartCode, SpinType
from schemas.score_explanations import ScorePart, TypePoints
from schemas.spans import Range, Span

_MAX_MEASURES = 8
_STRONGEST = 3  # places whose words a part quotes
_PLACED = (ScorePartCode.LOADED_WORDING, ScorePartCode.MEASURE)
_UNITS = {
    ScorePartCode.STEERING_SENTENCES: "",
    ScorePartCode.ASSERTED_CLAIMS: " central ones",
    ScorePartCode.OWN_VOICE: " sentences",
    ScorePartCode.OMITTED: " asked of all such news",
}
_OWN_ROW = frozenset(ScorePartCode) - {ScorePartCode.MEASURE, ScorePartCode.REST}
_ORDER = list(ScorePartCode)


def score_parts(judged: Assessment) -> list[ScorePart]:
    """The parts in the order of their codes, measures by size. Their points add up to 100 times the score.

    A part has points, or it counts something. Loaded wording has a part even in a text without any.
    """
    if not judged.ledger:
        return []
    groups: dict[tuple[ScorePartCode, str], list[LedgerRow]] = {(ScorePartCode.LOADED_WORDING, ""): []}
    for row, code in zip(judged.ledger, part_codes(judged.ledger), strict=True):
        rule = row.rule if code is ScorePartCode.MEASURE else ""
        groups.setdefault((code, rule), []).append(row)
    ordered = sorted(
        ((code, rows) for (code, _), rows in groups.items()),
        key=lambda part: (_ORDER.index(part[0]), -abs(_sum(part[1]))),
    )
    parts: list[ScorePart] = []
    for code, rows in ordered:
        total = (parts[-1].total if parts else 0) + _sum(rows)
        parts.append(_part(code, rows, total, judged))
    return parts


def part_codes(ledger: Sequence[LedgerRow]) -> list[ScorePartCode]:
    """The part of each row. Small measures and the rounding are in the last part before the clamp."""
    rules = {row.rule for row in ledger if row.kind is LedgerRowKind.FEATURE}
    sums = {rule: _sum(row for row in ledger if row.rule == rule) for rule in sorted(rules - _OWN_ROW)}
    largest = sorted(sums, key=lambda rule: (-abs(sums[rule]), rule))[:_MAX_MEASURES]
    told = {rule for rule in largest if abs(sums[rule]) >= LEAST_POINTS}
    rest = ScorePartCode.READING if ScorePartCode.READING in rules else ScorePartCode.REST

    def part_code(row: LedgerRow) -> ScorePartCode:
        if row.kind in (LedgerRowKind.BASE, LedgerRowKind.CLAMP):
            return ScorePartCode(row.kind.value)
        if row.kind is LedgerRowKind.FINDING:
            return ScorePartCode.LOADED_WORDING
        if row.kind is LedgerRowKind.FEATURE and row.rule in _OWN_ROW:
            return ScorePartCode(row.rule)
        return ScorePartCode.MEASURE if row.rule in told else rest

    return [part_code(row) for row in ledger]


def strongest_words(part: ScorePart) -> str | None:
    """Words of the strongest places that the verdict quotes, without quotation marks around them."""
    return (part.spans[0].quote or "").strip('“”" ') or None if part.spans else None


def _part(code: ScorePartCode, rows: Sequence[LedgerRow], total: int, judged: Assessment) -> ScorePart:
    findings = [row for row in rows if row.finding]
    places = [place for row in findings or rows for place in row.ranges]
    counting = next((row for row in rows if row.count is not None), None)
    count = counting.count if counting else len(findings or places) if code in _PLACED else None
    of, plain = (counting.of, counting.plain) if counting else (None, None)
    by_type = _by_type(findings, judged)
    return ScorePart(
        code=code,
        label=_label(code, rows),
        facts=_facts(code, count or 0, of, plain, by_type) + _beside(code, by_type, judged),
        points=_sum(rows),
        total=total,
        count=count,
        of=of,
        plain=plain,
        types=by_type,
        spans=_strongest(code, places, judged),
    )


def _label(code: ScorePartCode, rows: Sequence[LedgerRow]) -> str:
    if code is ScorePartCode.LOADED_WORDING:
        return "Loaded wording"
    if code is ScorePartCode.REST and len(rows) > 1:
        return "Smaller measures and rounding"
    return rows[0].label


def _facts(
    code: ScorePartCode, count: int, of: int | None, plain: float | None, types: Sequence[TypePoints]
) -> str:
    """What the part counts; empty if nothing."""
    if code is ScorePartCode.LOADED_WORDING:
        return _loaded(count, of, types)
    if code is ScorePartCode.READING:
        return "a trained model's estimate for the whole text, less what is counted above; with rounding"
    if code is ScorePartCode.MEASURE:
        return _places(count)
    if of is None or code not in _UNITS:
        return ""
    if of == 0:
        return "nothing to count"
    known = f" ({_percent(plain)} in plain reports)" if plain is not None else ""
    return f"{count} of {of}{_UNITS[code]}, {_percent(count / of)}{known}"


def _beside(code: ScorePartCode, types: Sequence[TypePoints], judged: Assessment) -> str:
    """Says why the part may differ from the verdict: from its omissions, or from its type."""
    if code is ScorePartCode.OMITTED:
        return "; what this text leaves open is listed as left out" if judged.left_out else ""
    primary = judged.spin.primary if judged.spin else SpinType.NONE
    if primary is SpinType.NONE or not types or types[0].type is primary:
        return ""
    return (
        "; each place counts for the type of its own words, the type of the verdict is that of the whole text"
    )


def _percent(share: float) -> str:
    return f"{floor(100 * share + 0.5)} %"


def _loaded(count: int, words: int | None, types: Sequence[TypePoints]) -> str:
    if not count:
        return "no places"
    rate = f", {100 * count / words:.1f} in 100 words" if words else ""
    shares = ", ".join(f"{words_of(each.type)} {each.points / 100:+.2f}" for each in types)
    return f"{_places(count)}{rate}" + (f": {shares}" if shares else "")


def _places(count: int) -> str:
    return f"{count} place{'' if count == 1 else 's'}" if count else ""


def _by_type(findings: Iterable[LedgerRow], judged: Assessment) -> list[TypePoints]:
    """The points of each type, the most first."""
    types = {finding.id: finding.type for finding in judged.findings}
    sums: dict[SpinType, int] = {}
    for row in findings:
        if kind := types.get(row.finding or ""):
            sums[kind] = sums.get(kind, 0) + row.points
    return [
        TypePoints(type=kind, points=sums[kind]) for kind in sorted(sums, key=lambda kind: -abs(sums[kind]))
    ]


def _sum(rows: Iterable[LedgerRow]) -> int:
    return sum(row.points for row in rows)


def _strongest(code: ScorePartCode, places: Sequence[Range], judged: Assessment) -> list[Span]:
    """What the verdict quotes of the strongest places: the first findings, or its longest words there."""
    if code is ScorePartCode.LOADED_WORDING:
        spans = [span for finding in ranked(judged) if finding.points for span in finding.spans]
        return [span for span in spans if span.quote is not None][:_STRONGEST]
    if code is not ScorePartCode.STEERING_SENTENCES:
        return []
    items = [*judged.claims, judged.happening, *judged.findings, *judged.loaded_terms]
    spans = [span for item in items if item for span in item.spans if span.quote is not None]
    within = ([s for s in spans if p.start <= s.start and s.end <= p.end] for p in places)
    longest = [max(found, key=lambda span: (span.end - span.start, -span.start)) for found in within if found]
    return sorted(longest, key=lambda span: " " not in (span.quote or ""))[:_STRONGEST]
