"""Lists the loaded terms of a text: the words that careful readers would mark.

They come from the tagger (`learned_terms.py`), as whole phrases. Dismissed terms are excluded, and so are those
that few readers would mark. On 400 stories of one reader each, 50 in a hundred terms shown share words with a
marked one, and 51 in a hundred of those marked are shown. With chances by a tagger that has not seen the story,
other thresholds, other limits and a model of fifty features of the terms in place of the signs agree no better.
"""

from collections.abc import Sequence

from api.analysis.framing.evidence import Evidence
from api.analysis.framing.learned_terms import LEARNED_CODES
from api.analysis.framing.shown_phrases import shown_phrase
from api.analysis.text.document import Text
from api.analysis.text.spans import MAX_QUOTE, span
from schemas.assessments import LoadedTerm
from schemas.enums import SpinType

MOST = 12  # terms of a text of WORDS words; one reader marks five on average, two together up to sixteen
WORDS = 750
LONG_TEXT_MOST = 30
_LEAST = 0.41  # chance of being marked, with what speaks for it
# In plain reports the tagger is wrong more often, most often of praise for conduct and of mild words and excuses.
_LEAST_IF_PLAIN = {SpinType.HYPE: 0.55, SpinType.STAMPEDE: 0.55}
_LEAST_OF_OTHERS_IF_PLAIN = 0.65
# Speaks for a term as that much more of a chance: the text's own type, a written rule, the title or the lead.
_SIGN = 0.08
# So does, or against it, how much more or less than _USUAL its sentence steers by its type, up to _STRONGEST.
_STEERING, _USUAL, _STRONGEST = 0.1, 0.8, 1.5
Shown = tuple[int, int, Evidence]  # the shown words of a term, and its evidence
Group = list[Shown]


def loaded_terms(document: Text, evidence: Sequence[Evidence], primary: SpinType) -> list[LoadedTerm]:
    """One entry per wording, type and voice, with all its places.

    Those of the primary type come first, then those that more readers would mark. A text with a type has at least
    one, if any was found.
    """
    groups: dict[tuple[str, str, str], Group] = {}
    for item in _longest(evidence):
        start, end = shown_phrase(document, item.hit.start, item.hit.end)
        kind, words = item.detector.type, document.folded[start:end]
        if kind is not None and end - start <= MAX_QUOTE:
            groups.setdefault((words, kind, item.voice), []).append((start, end, item))
    rules = [item for item in evidence if item.steers and item.detector.code not in LEARNED_CODES]

    def rank(group: Group) -> tuple[float, int]:
        return -max(_rating(document, item, rules, primary) for _, _, item in group), group[0][0]

    ranked = sorted(groups.values(), key=rank)
    plain = primary is SpinType.NONE
    chosen = [
        group
        for number, group in enumerate(ranked)
        if -rank(group)[0] >= (_least_if_plain(group) if plain else _LEAST) or (number == 0 and not plain)
    ]
    most = min(max(MOST, MOST * len(document.text.split()) // WORDS), LONG_TEXT_MOST)
    shown = _apart(document, chosen)[:most]
    return [_term(document, g) for g in sorted(shown, key=lambda g: g[0][2].detector.type is not primary)]


def _longest(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The terms that count, of overlapping ones the longest, in the order of the text."""
    kept: list[Evidence] = []
    for item in evidence:
        if item.detector.code not in LEARNED_CODES or not item.mass:
            continue
        last = kept[-1].hit if kept else None
        if last is not None and item.hit.start < last.end:
            if item.hit.end - item.hit.start <= last.end - last.start:
                continue
            kept.pop()
        kept.append(item)
    return kept


def _least_if_plain(group: Group) -> float:
    kind = group[0][2].detector.type
    return _LEAST_IF_PLAIN.get(kind, _LEAST_OF_OTHERS_IF_PLAIN) if kind else _LEAST_OF_OTHERS_IF_PLAIN


def _rating(document: Text, item: Evidence, rules: Sequence[Evidence], primary: SpinType) -> float:
    """The chance of being marked, and more for each sign."""
    start, end = item.hit.start, item.hit.end
    strength = document.strength(item.detector.type, start) if item.detector.type else None
    steering = 0.0 if strength is None else min(strength, _STRONGEST) - _USUAL
    signs = (
        item.detector.type is primary,
        any(rule.hit.start < end and start < rule.hit.end for rule in rules),
        document.sentence_at(start).role != "body",
    )
    return document.chance(start, end) + _SIGN * sum(signs) + _STEERING * steering


def _apart(document: Text, groups: Sequence[Group]) -> list[Group]:
    """The groups whose words are neither part of those of a group before, nor the same of another type."""
    kept: list[Group] = []
    said: dict[str, SpinType | None] = {}
    for group in groups:
        start, end, item = group[0]
        words, kind = document.folded[start:end], item.detector.type
        if not any(words in other and (words, kind) != (other, type_) for other, type_ in said.items()):
            kept.append(group)
            said[words] = kind
    return kept


def _term(document: Text, items: Sequence[Shown]) -> LoadedTerm:
    start, end, first = items[0]
    assert first.detector.type is not None  # the caller excludes those without a type
    return LoadedTerm(
        term=document.text[start:end],
        type=first.detector.type,
        voice=first.voice,
        spans=[span(document.text, low, high) for low, high, _ in items],
    )
