"""Lists the loaded terms of a text: the words that careful readers would mark.

They come from the tagger (`learned_terms.py`), as whole phrases. Dismissed terms are excluded.
"""

from collections.abc import Sequence

from api.analysis.framing.evidence import Evidence
from api.analysis.framing.learned_terms import LEARNED_CODES
from api.analysis.text.document import Text
from api.analysis.text.spans import MAX_QUOTE, span
from schemas.assessments import LoadedTerm
from schemas.enums import SpinType

MOST = 40  # terms; readers mark five or six on average, about twenty in an advertisement


def loaded_terms(document: Text, evidence: Sequence[Evidence], primary: SpinType) -> list[LoadedTerm]:
    """One entry per wording, type and voice, with all its places.

    Those of the primary type come first, then those that more readers would mark.
    """
    groups: dict[tuple[str, str, str], list[int]] = {}
    for number in _longest(evidence):
        item = evidence[number]
        kind, words = item.detector.type, document.folded[item.hit.start : item.hit.end]
        if kind is not None and len(words) <= MAX_QUOTE:
            groups.setdefault((words, kind, item.voice), []).append(number)

    def rank(group: list[int]) -> tuple[bool, float, int]:
        chance = max(document.chance(evidence[n].hit.start, evidence[n].hit.end) for n in group)
        return evidence[group[0]].detector.type is not primary, -chance, group[0]

    ordered = sorted(groups.values(), key=rank)[:MOST]
    return [_term(document, [evidence[i] for i in group]) for group in ordered]


def _longest(evidence: Sequence[Evidence]) -> list[int]:
    """The terms that count, of overlapping ones the longest, in the order of the text."""
    kept: list[int] = []
    for number, item in enumerate(evidence):
        if item.detector.code not in LEARNED_CODES or not item.mass:
            continue
        last = evidence[kept[-1]].hit if kept else None
        if last is not None and item.hit.start < last.end:
            if item.hit.end - item.hit.start <= last.end - last.start:
                continue
            kept.pop()
        kept.append(number)
    return kept


def _term(document: Text, items: Sequence[Evidence]) -> LoadedTerm:
    first = items[0]
    assert first.detector.type is not None  # the caller excludes those without a type
    return LoadedTerm(
        term=document.text[first.hit.start : first.hit.end],
        type=first.detector.type,
        voice=first.voice,
        spans=[span(document.text, i.hit.start, i.hit.end) for i in items],
    )
