"""Lists the loaded terms of a text: the words that careful readers would mark.

They come from the tagger (`learned_terms.py`), with the type of their sentence. Dismissed terms are excluded,
and so are bare function words, which the tagger sometimes marks.
"""

import re
from collections.abc import Sequence

from api.analysis.framing.evidence import Evidence
from api.analysis.framing.learned_terms import LEARNED_CODES
from api.analysis.framing.scoring import Scored
from api.analysis.text.document import Text
from api.analysis.text.lexicon import words
from api.analysis.text.spans import MAX_QUOTE, span
from schemas.assessments import LoadedTerm

MOST = 40  # terms; readers mark five or six on average, about twenty in an advertisement
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
# Without absolute words ("never", "every", "only"), which steer.
_EMPTY = words(
    "a an the and or but nor so yet if then than that this these those it its it's he his him she her they them "
    "their theirs we us our ours you your yours i me my mine who whom whose which what of in on at by for with "
    "from to as is are was were be been being am do does did has have had will would can could may might shall "
    "not no n't t s re ve ll m d all any some other there here into about"
)


def loaded_terms(document: Text, evidence: Sequence[Evidence], scored: Scored) -> list[LoadedTerm]:
    """One entry per wording, type and voice, with all its places, in the order of the text."""
    groups: dict[tuple[str, str, str], list[int]] = {}
    for number, item in enumerate(evidence):
        hit, kind = item.hit, item.detector.type
        if kind is None or item.detector.code not in LEARNED_CODES or not item.mass:
            continue
        if hit.end - hit.start > MAX_QUOTE or not _has_content(document.folded[hit.start : hit.end]):
            continue
        groups.setdefault((document.folded[hit.start : hit.end], kind, item.voice), []).append(number)
    weighty = sorted(groups.values(), key=lambda g: (-sum(scored.findings[i] for i in g), g))[:MOST]
    return [_term(document, [evidence[i] for i in group]) for group in sorted(weighty)]


def _has_content(folded: str) -> bool:
    return any(word not in _EMPTY for word in _WORD.findall(folded))


def _term(document: Text, items: Sequence[Evidence]) -> LoadedTerm:
    first = items[0]
    assert first.detector.type is not None  # the caller excludes those without a type
    return LoadedTerm(
        term=document.text[first.hit.start : first.hit.end],
        type=first.detector.type,
        voice=first.voice,
        spans=[span(document.text, i.hit.start, i.hit.end) for i in items],
    )
