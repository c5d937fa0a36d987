"""The words that explanations quote: the weightiest loaded terms of the primary type, and whose they are."""

from schemas.assessments import Finding, LoadedTerm, Spin
from schemas.enums import SpinType

MOST_TERMS = 4
LONGEST = 60  # characters; a longer passage is a sentence, not a term
_LOOSE = frozenset(
    {"a", "an", "the", "our", "your", "its", "of", "to", "for", "in", "is", "are", "and", "with", "by"}
)
_MARKS = frozenset('“”„«»"‘\n')


def telling_terms(spin: Spin, findings: list[Finding], terms: list[LoadedTerm]) -> list[tuple[str, str]]:
    """At most four (words, voice), most points first, none inside another; of any type for `none`.

    Where the type has no loaded term short enough, the words of its findings stand in.
    """
    points = {(f.spans[0].start, f.spans[-1].end): f.points for f in findings}
    candidates = [
        (-sum(points.get((s.start, s.end), 0) for s in t.spans), t.spans[0].start, t.term, t.voice)
        for t in terms
        if spin.primary in (t.type, SpinType.NONE)
    ]
    if not candidates:
        candidates = [
            (-f.points, f.spans[0].start, f.spans[0].quote or "", f.voice)
            for f in findings
            if f.type is spin.primary and len(f.spans) == 1
        ]
    chosen: list[tuple[str, str]] = []
    for _, _, words, voice in sorted(candidates):
        words = _trimmed(words)
        low = words.casefold()
        if len(words) > LONGEST or not words or not _MARKS.isdisjoint(words):
            continue
        if any(low in known.casefold() or known.casefold() in low for known, _ in chosen):
            continue
        chosen.append((words, voice))
        if len(chosen) == MOST_TERMS:
            break
    return chosen


def _trimmed(words: str) -> str:
    """Without the articles and prepositions that a pattern may have taken along at its end."""
    while (last := words.rpartition(" "))[0] and last[2].lower() in _LOOSE:
        words = last[0].rstrip()
    return words
