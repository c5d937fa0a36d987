"""The words that people are shown for a place: the loaded phrase, without the rest of its clause.

The places that count stay as they were found (`evidence.py`); a shown phrase overlaps all of its own hits and no
other's. A lone noun is shown with the phrase that it needs ("a chink | in the armor", without "a"), a denial with
"without"; words before and after a modified noun that tell nothing of it go. On 300 stories readers' marks begin
or end so in most cases.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from api.analysis.framing.evidence import Evidence
from api.analysis.framing.phrases import LONGEST, ended
from api.analysis.framing.places import Place
from api.analysis.text.document import Document, Text
from api.analysis.text.lexicon import words

if TYPE_CHECKING:
    from spacy.tokens import Token

_COMPLETING = 5  # tokens that complete a lone noun
_MARKS = frozenset("–—;:(")
_LINKS = words("therefore however also thus moreover then hence meanwhile furthermore additionally instead")
# Verbs that say little of the praised thing that is their object.
_LIGHT = words("make remain provide offer deliver oversee have include give take see show bring present")
_MODIFIERS = frozenset({"amod", "compound", "npadvmod"})
_WHEN = frozenset({"npadvmod", "advmod"})  # "This week | we are thrilled", "so far | has been superb"


def shown_places(document: Text, evidence: Sequence[Evidence], found: Sequence[Place]) -> list[Place]:
    """The places with the words that are shown, in the order of the text."""
    shown = [_shown_place(document, evidence, place) for place in found]
    return sorted(shown, key=lambda place: (place.start, place.end, place.items))


def shown_phrase(document: Text, start: int, end: int) -> tuple[int, int]:
    """The words that are shown for those at [start, end), which they overlap; the same without a parse."""
    if not isinstance(document, Document):
        return start, end
    tokens, sentence = document.all_tokens, document.sentence_at(start)
    first, last = document.token_at(start), document.token_at(end - 1)
    if last >= sentence.last:
        return start, end
    last = ended(tokens, first, last)
    if first == last or _is_lone(tokens, first, last):
        last = _completed(tokens[last], sentence.last)
    else:
        first, last = _begun(tokens, first, last), _without_clause(tokens, first, last)
    before = first - 1 if first > sentence.first and tokens[first - 1].pos_ != "DET" else first - 2
    if before >= sentence.first and tokens[before].lower_ == "without":
        first = before
    return tokens[first].idx, tokens[last].idx + len(tokens[last].text)


def _shown_place(document: Text, evidence: Sequence[Evidence], place: Place) -> Place:
    if evidence[place.items[0]].detector.type is None:
        return place
    start, end = shown_phrase(document, place.start, place.end)
    own = set(place.items)
    for number, item in enumerate(evidence):
        touches = item.hit.start < end and start < item.hit.end
        if touches != (number in own) and (number in own or not _overlap(item, place)):
            return place
    return replace(place, start=start, end=end)


def _overlap(item: Evidence, place: Place) -> bool:
    return item.hit.start < place.end and place.start < item.hit.end


def _is_lone(tokens: "list[Token]", first: int, last: int) -> bool:
    """Whether the words are two nouns without adjectives, joined by a preposition: "crime against the laws"."""
    kinds = [token.pos_ for token in tokens[first : last + 1] if token.pos_ != "DET"]
    return kinds == ["NOUN", "ADP", "NOUN"]


def _completed(token: "Token", limit: int) -> int:
    """The last token of the phrase that a lone noun begins: "resilience of our business"."""
    if token.pos_ != "NOUN" or token.i + 2 >= limit:
        return token.i
    link = token.nbor(1)
    if link.pos_ != "ADP" or link.head.i != token.i:
        return token.i
    ends = [c.i for c in link.children if c.dep_ == "pobj" and c.pos_ in ("NOUN", "PROPN")]
    last = max(ends, default=token.i)
    within = token.i < last < limit and last - token.i <= _COMPLETING
    return (
        last if within and not any(t.is_punct or t.is_space for t in token.doc[token.i : last]) else token.i
    )


def _begun(tokens: "list[Token]", first: int, last: int) -> int:
    """The first token without a linking adverb, a time, words of another phrase, a verb that says little."""
    while first < last and tokens[first].lower_ in _LINKS:
        first += 1
    if first < last and tokens[first].dep_ in _WHEN and _starts_clause(tokens[first + 1]):
        first += 1
    head, after = tokens[first], tokens[first + 1 : last + 1]
    if head.dep_ == "advmod" and not first < head.head.i <= last and after and after[0].pos_ == "ADP":
        return first + 2 if first + 2 < last else first
    if head.pos_ == "VERB" and head.lemma_ in _LIGHT and after and after[0].dep_ in _MODIFIERS:
        noun = after[0].head.head if after[0].dep_ == "npadvmod" else after[0].head
        if noun.head == head and noun.dep_ in ("dobj", "attr") and noun.i <= last:
            return first + 1
    return first


def _starts_clause(token: "Token") -> bool:
    return token.dep_ in ("nsubj", "nsubjpass") or token.pos_ == "AUX"


def _without_clause(tokens: "list[Token]", first: int, last: int) -> int:
    """The last token without a relative clause after a modified noun, or of a long phrase before a mark."""
    if last - first >= LONGEST:
        marks = (i for i in range(first + 2, last) if tokens[i].text in _MARKS)
        last = next(marks, last + 1) - 1
    for number in range(first + 2, last):
        token = tokens[number]
        if token.lower_ in ("that", "which", "who") and token.head.dep_ == "relcl":
            noun = tokens[number - 1]
            if noun.pos_ == "NOUN" and any(tokens[i].head == noun for i in range(first, number - 1)):
                return number - 1
    return last
