"""What can be asked of any assessment: all its spans, and all the sentences that were made for it."""

from collections.abc import Iterator

import msgspec

from schemas.assessments import Assessment
from schemas.spans import Range, Span


def spans_of(value: object) -> Iterator[Span]:
    """Every span anywhere inside a struct."""
    if isinstance(value, Span):
        yield value
    for part in _parts(value):
        yield from spans_of(part)


def ranges_of(value: object) -> Iterator[Range]:
    """Every range anywhere inside a struct."""
    if isinstance(value, Range):
        yield value
    for part in _parts(value):
        yield from ranges_of(part)


def _parts(value: object) -> Iterator[object]:
    if isinstance(value, msgspec.Struct):
        yield from (getattr(value, name) for name in value.__struct_fields__)
    elif isinstance(value, list | tuple):
        yield from value


def generated_sentences(assessment: Assessment) -> list[str]:
    """Every sentence that an engine wrote itself or took from the text as its own."""
    a = assessment
    found = [a.deck, a.summary, a.frame, a.objective, *a.tldr, *a.keywords]
    if a.spin is not None:
        found.append(a.spin.emphasis)
    if a.mechanics is not None:
        found += [getattr(a.mechanics, name) for name in a.mechanics.__struct_fields__]
    if a.integrity is not None:
        found += [*a.integrity.narrative_risk_reasons, *a.integrity.ai_repetition_risk_reasons]
        found += [a.integrity.likely_ai_summary, a.integrity.faithful_summary]
    found += [f.explanation for f in a.findings]
    found += [q.question for q in a.questions_raised or ()]
    found += [text for q in a.questions_answered or () for text in (q.question, q.answer)]
    found += [text for b in a.beneficiaries or () for text in (b.name, b.why)]
    found += [m.why for m in a.missing_voices or ()] + [o.text for o in a.left_out or ()]
    found += [m.text for c in a.claims for m in c.missing_evidence or ()]
    found += [text for s in a.key_stats or () for text in (s.value, s.measures)]
    found += [side.text for p in a.spin_vs_substance or () for side in (p.spin, p.substance)]
    found += [p.substance.absent for p in a.spin_vs_substance or ()]
    return [text for text in found if text]
