"""The explanation of a score: running totals, words, and the effect of each finding."""

from collections.abc import Iterator
from itertools import accumulate

from api.rendering.score_parts import part_codes, score_parts
from schemas.assessments import Assessment, LedgerRow
from schemas.enums import AblationKind, ScorePartCode
from schemas.score_explanations import Outcome, ScoreExplanation, Step
from schemas.spans import Span
from schemas.verdicts import Verdict


def build_explanation(judged: Assessment) -> ScoreExplanation:
    """The explanation of an assessment or a served verdict; it quotes only words that `judged` quotes."""
    outcomes = {
        ablation.finding_ids[0]: Outcome(score=ablation.score, primary=ablation.primary)
        for ablation in judged.ablations or []
        if ablation.kind is AblationKind.FINDING
    }
    findings = {finding.id: finding for finding in judged.findings}
    quoted = {(span.start, span.end): span for span in _quoted(judged)}

    def step(row: LedgerRow, part: ScorePartCode, total: int) -> Step:
        finding = findings[row.finding] if row.finding else None
        places = [(place.start, place.end) for place in row.ranges]
        return Step(
            **{name: getattr(row, name) for name in row.__struct_fields__},
            part=part,
            total=total,
            type=finding.type if finding else None,
            spans=finding.spans if finding else [quoted[place] for place in places if place in quoted],
            without=outcomes.get(row.finding) if row.finding else None,
        )

    totals = accumulate(row.points for row in judged.ledger)
    verdict = judged if isinstance(judged, Verdict) else None
    return ScoreExplanation(
        verdict_id=verdict.id if verdict else None,
        story_id=verdict.story_id if verdict else None,
        version=verdict.version if verdict else None,
        engine=judged.engine,
        text_sha256=judged.text_sha256,
        not_scorable=judged.not_scorable,
        spin=judged.spin,
        parts=score_parts(judged),
        steps=list(map(step, judged.ledger, part_codes(judged.ledger), totals)),
        ablations=judged.ablations,
    )


def _quoted(judged: Assessment) -> Iterator[Span]:
    """The spans with words of claims and loaded terms."""
    passages = [claim.spans for claim in judged.claims] + [term.spans for term in judged.loaded_terms]
    yield from (span for spans in passages for span in spans if span.quote is not None)
