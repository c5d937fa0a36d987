"""The loaded terms of a text: the words of its findings, weightiest first (method section 3, rule 7)."""

from collections.abc import Sequence

from api.analysis.document import Document
from api.analysis.evidence import Evidence
from api.analysis.scoring import Scored
from api.analysis.spans import MAX_QUOTE, span
from schemas.assessments import LoadedTerm

FEWEST, MOST = 2, 16  # terms; annotators mark five to six in the mean, more where the score is high
POINTS_A_TERM = 5


def loaded_terms(document: Document, evidence: Sequence[Evidence], scored: Scored) -> list[LoadedTerm]:
    """One entry for each wording, type and voice, with all its places; in the order of the text."""
    groups: dict[tuple[str, str, str], list[int]] = {}
    reached = 0
    for number, item in enumerate(evidence):
        hit, kind = item.hit, item.detector.type
        if kind is None or not item.mass or not hit.loaded or hit.end - hit.start > MAX_QUOTE:
            continue
        if hit.start < reached:
            continue
        reached = hit.end
        groups.setdefault((document.folded[hit.start : hit.end], kind, item.voice), []).append(number)
    most = min(FEWEST + scored.score // POINTS_A_TERM, MOST)
    weighty = sorted(groups.values(), key=lambda g: (-sum(scored.findings[i] for i in g), g))[:most]
    return [_term(document, [evidence[i] for i in group]) for group in sorted(weighty)]


def _term(document: Document, items: Sequence[Evidence]) -> LoadedTerm:
    first = items[0]
    assert first.detector.type is not None  # the caller leaves out what has no type
    return LoadedTerm(
        term=document.text[first.hit.start : first.hit.end],
        type=first.detector.type,
        voice=first.voice,
        spans=[span(document.text, i.hit.start, i.hit.end) for i in items],
    )
