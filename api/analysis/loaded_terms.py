"""The loaded terms of a text: the words that careful readers would mark (method section 3, rule 7).

They are the tagger's (`learned_terms.py`), with the type of the sentence that they stand in; what a ruling
dismisses is none.
"""

from collections.abc import Sequence

from api.analysis.document import Text
from api.analysis.evidence import Evidence
from api.analysis.learned_terms import LEARNED
from api.analysis.scoring import Scored
from api.analysis.spans import MAX_QUOTE, span
from schemas.assessments import LoadedTerm

MOST = 40  # terms; careful readers mark five or six in the mean, some twenty in an advertisement
_CODES = frozenset(detector.code for detector in LEARNED)


def loaded_terms(document: Text, evidence: Sequence[Evidence], scored: Scored) -> list[LoadedTerm]:
    """One entry for each wording, type and voice, with all its places; in the order of the text."""
    groups: dict[tuple[str, str, str], list[int]] = {}
    for number, item in enumerate(evidence):
        hit, kind = item.hit, item.detector.type
        if kind is None or item.detector.code not in _CODES or not item.mass:
            continue
        if hit.end - hit.start > MAX_QUOTE:
            continue
        groups.setdefault((document.folded[hit.start : hit.end], kind, item.voice), []).append(number)
    weighty = sorted(groups.values(), key=lambda g: (-sum(scored.findings[i] for i in g), g))[:MOST]
    return [_term(document, [evidence[i] for i in group]) for group in sorted(weighty)]


def _term(document: Text, items: Sequence[Evidence]) -> LoadedTerm:
    first = items[0]
    assert first.detector.type is not None  # the caller leaves out what has no type
    return LoadedTerm(
        term=document.text[first.hit.start : first.hit.end],
        type=first.detector.type,
        voice=first.voice,
        spans=[span(document.text, i.hit.start, i.hit.end) for i in items],
    )
