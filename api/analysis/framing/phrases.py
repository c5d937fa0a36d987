"""Whole phrases for places that a rule or the tagger found.

A place is extended to the noun that its last adjective describes, the verb of its last subject, the particle and
the short object of its last verb, and to the adjectives before its first noun. Function words at its ends go.
A phrase never crosses a border: a quotation mark, a bracket, the end of a sentence, a verb of saying. Limits: it
relies on the parse; a phrase of more than LONGEST words is left as it was found, but for its ends.
"""

import re
from typing import TYPE_CHECKING

from api.analysis.text.document import Document, Text
from api.analysis.text.lexicon import words
from api.analysis.text.shown_words import whole_words

if TYPE_CHECKING:
    from spacy.tokens import Token

LONGEST = 10  # tokens of an extended phrase
_IN_LOWER_CASE = 0.3  # least share of a sentence's words of content; a headline has fewer
_REACH = 4  # tokens to the word that completes a phrase
_BEFORE = frozenset(
    {"amod", "compound", "nmod", "advmod", "nummod", "npadvmod", "poss", "det", "aux", "auxpass", "neg"}
)
_AFTER = frozenset({"dobj", "prt", "acomp", "pobj"})
_MODIFIERS = frozenset({"amod", "compound", "nmod", "advmod", "npadvmod"})
_LOOSE = frozenset({"DET", "ADP", "CCONJ", "SCONJ", "AUX", "PRON", "PART", "PUNCT", "SPACE", "SYM"})
_WORDS = frozenset({"NOUN", "PROPN", "ADJ", "ADV", "VERB"})
_NAMES = frozenset({"PERSON", "ORG", "GPE", "NORP", "FAC", "LOC", "DATE", "MONEY", "PERCENT", "CARDINAL"})
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_OBJECTS = frozenset({"dobj", "ccomp", "xcomp"})
_NEVER_LAST = frozenset({"CCONJ", "SCONJ", "DET", "PUNCT", "SPACE"})
_QUOTES = frozenset('"“”„«»')
_JOINTS = frozenset({"-", "‑", "–", "/", "'", "’", "&"})
_BORDERS = frozenset('"“”„«»()[]{}|;:.!?—–…•*')  # tokens of one of these marks
_SAYING = words("say tell add explain note state reply announce comment remark")
_TAGS = frozenset({"VBD", "VBZ", "VBP"})
# "is", "has become": nothing is said before the complement
_COPULAS = words("be become remain seem appear stay prove")
# first words of "thanks to", "due to"
_OPENERS = words("thanks due according owing prior such rather more less able")
_LINKS = words("to than as")
_POSSESSIVE = re.compile(r"['’](?:s\b)? ?[\w“\"]")
# function words that steer at the beginning of a phrase
_TELLING = words("no not never without every all beyond only just zero both too more most nothing everything")
# Without absolute words ("never", "every", "only"), which steer.
_FUNCTION = words(
    "a an the and or but nor so yet if then than that this these those it its it's he his him she her they them "
    "their theirs we us our ours you your yours i me my mine who whom whose which what of in on at by for with "
    "from to as is are was were be been being am do does did has have had will would can could may might shall "
    "not no n't t s re ve ll m d all any some other there here into about"
)
# words that say nothing alone
_EMPTY = words(
    "up line new words word more most much many good better best well go going get make makes made way ways "
    "thing things day days year years time times today now one two first last next part number lot kind end "
    "place work having take taking need needs want use used using help helps people person world company "
    "business team data system systems product products service services user users customer customers market "
    "industry report others same such also even still just only very really quite too never able due key high "
    "higher low lower long short big small large full own right great top come comes see path paths point "
    "points level levels step steps look looking based provide provides including across already every "
    "everyone anyone always ever once back down out off over away open fast quick quickly easy easily"
)


def whole_phrase(document: Text, start: int, end: int) -> tuple[int, int]:
    """[start, end) as a whole phrase of its sentence; unchanged without a parse."""
    if not isinstance(document, Document):
        return start, end
    tokens, sentence = document.all_tokens, document.sentence_at(start)
    first, last = document.token_at(start), document.token_at(end - 1)
    if last >= sentence.last:
        return start, end
    low, high = max(first - _REACH, sentence.first), min(last + _REACH, sentence.last - 1)
    begin, finish = _beginning(tokens, first, low), _ending(tokens, last, high)
    if finish - begin < max(LONGEST, last - first + 1):
        first, last = begin, finish
    first, last = _trimmed(tokens, first, last)
    return tokens[first].idx, tokens[last].idx + len(tokens[last].text)


def ended(tokens: "list[Token]", first: int, last: int) -> int:
    """The last token of the phrase without words that lead to the next: "transform how teams work | and make".

    Words of function alone are no phrase: "we're excited" stays whole in "a plan we're excited to share".
    """
    whole = last
    while first < last and _leads_on(tokens[last], last):
        last -= 1
    return (
        last if any(token.pos_ in _WORDS and token.is_alpha for token in tokens[first : last + 1]) else whole
    )


def _leads_on(token: "Token", last: int) -> bool:
    """Whether no phrase ends with the word: of function, or a second verb before its object."""
    if token.pos_ in _NEVER_LAST:
        return True
    beyond = [child.dep_ for child in token.children if child.i > last]
    of_adjective = token.dep_ == "xcomp" and token.head.pos_ == "ADJ"
    if token.pos_ == "VERB" and (token.dep_ in ("conj", "acl") or of_adjective):
        return not _OBJECTS.isdisjoint(beyond)
    linked = bool(beyond) or token.head.i > last
    return linked and token.pos_ in _LOOSE and token.dep_ != "prt"


def clean_phrase(document: Text, start: int, end: int) -> tuple[int, int] | None:
    """The whole phrase of loaded words; None if they are cut out of another phrase or across a border.

    Of words on both sides of a border those of the longer side count.
    """
    if not isinstance(document, Document):
        return start, end
    tokens = document.all_tokens
    first, last = document.token_at(start), document.token_at(end - 1)
    sides: list[list[int]] = [[]]
    for number in range(first, min(last + 1, document.sentence_at(start).last)):
        if _is_border(tokens[number]):
            sides.append([])
        else:
            sides[-1].append(number)
    side = max(sides, key=lambda s: sum(tokens[i].pos_ in _WORDS for i in s))
    if not side:
        return None
    start, end = tokens[side[0]].idx, tokens[side[-1]].idx + len(tokens[side[-1]].text)
    start, end = _outside_names(document, *whole_phrase(document, start, end))
    start, end = whole_words(document.text, start, end)
    return None if start >= end or _POSSESSIVE.match(document.text, end) else (start, end)


def _outside_names(document: Document, start: int, end: int) -> tuple[int, int]:
    """The words without parts of names that begin before them or go on behind: "robust | Know Your Customer"."""
    tokens, sentence = document.all_tokens, document.sentence_at(start)
    first, last = document.token_at(start), document.token_at(end - 1)
    if sentence.role == "title" or not _is_in_lower_case(tokens[sentence.first : sentence.last]):
        return start, end
    names = [token.is_alpha and token.text[0].isupper() for token in tokens[first : last + 1]]
    if all(names):
        return start, end
    if first > sentence.first + 1 and tokens[first - 1].is_title:
        first += names.index(False) if names[0] else 0
    if last + 1 < sentence.last and tokens[last + 1].is_title:
        last -= names[::-1].index(False) if names[-1] else 0
    return tokens[first].idx, tokens[last].idx + len(tokens[last].text)


def rule_phrase(document: Text, start: int, end: int) -> tuple[int, int] | None:
    """The whole phrase around the words of a written rule, all of which it has; None if they cross a border."""
    if not isinstance(document, Document):
        return start, end
    tokens = document.all_tokens
    first, last = document.token_at(start), document.token_at(end - 1)
    if any(t.text in _QUOTES for t in tokens[first + 1 : last]) or last >= document.sentence_at(start).last:
        return None
    low, high = whole_phrase(document, start, end)
    return whole_words(document.text, min(start, low), max(end, high))


def is_telling(document: Text, start: int, end: int, *, sure: bool) -> bool:
    """Whether the words can carry framing by themselves: not one empty word, function words, numbers or a name.

    One word must be `sure`: of those that the tagger marks with less than even odds, readers mark one in five.
    """
    said = _WORD.findall(document.folded[start:end])
    content = [word for word in said if word not in _FUNCTION and not word.isdigit()]
    if not content or (len(said) == 1 and not sure) or (len(content) == 1 and content[0] in _EMPTY):
        return False
    if not isinstance(document, Document):
        return True
    tokens = document.all_tokens[document.token_at(start) : document.token_at(end - 1) + 1]
    in_title = document.sentence_at(start).role == "title"
    return any(
        token.pos_ in _WORDS
        and token.ent_type_ not in _NAMES
        and (token.pos_ != "PROPN" or in_title or token.is_lower)
        and not (len(tokens) == 1 and token.is_stop)
        for token in tokens
    )


def is_name(document: Text, start: int, end: int) -> bool:
    """Whether the words are written as a name, or as a title, in a sentence that is not: "the Box of Dreams"."""
    if not isinstance(document, Document):
        return False
    sentence, tokens = document.sentence_at(start), document.all_tokens
    first, last = document.token_at(start), document.token_at(end - 1)
    said = [t for t in tokens[first : last + 1] if t.is_alpha and not t.is_stop]
    if not said or not all(t.text[0].isupper() for t in said) or sentence.role == "title":
        return False
    opens = not any(t.is_alpha for t in tokens[sentence.first : first])
    if opens and len(said) == 1 and not (last + 1 < sentence.last and tokens[last + 1].is_title):
        return False  # any first word of a sentence
    return _is_in_lower_case(tokens[sentence.first : sentence.last])


def _is_in_lower_case(tokens: "list[Token]") -> bool:
    """Whether a sentence is no headline with capitals."""
    said = [t for t in tokens if t.is_alpha and not t.is_stop]
    return sum(t.text[0].islower() for t in said) > len(said) * _IN_LOWER_CASE


def _ending(tokens: "list[Token]", last: int, high: int) -> int:
    """The last token of the phrase whose words up to `last` are known."""
    token = tokens[last]
    points_on = token.dep_ in _BEFORE or (token.dep_ == "nsubj" and token.pos_ == "PRON")
    if points_on and last < token.head.i <= high and _is_joined(tokens, last, token.head.i):
        return _ending(tokens, token.head.i, high)
    if token.pos_ in ("VERB", "ADP"):
        ends = [
            c.i
            for c in token.children
            if c.dep_ in _AFTER and last < c.i <= high and _is_joined(tokens, last, c.i)
        ]
        return max(ends, default=last)
    return last


def _beginning(tokens: "list[Token]", first: int, low: int) -> int:
    """The first token of the phrase that is known from `first` on: adjacent modifiers belong to it."""
    noun = tokens[first].pos_ in ("NOUN", "PROPN", "ADJ")
    while first > low and (before := tokens[first - 1]).head.i >= first and not before.is_stop:
        if (
            before.pos_ not in _WORDS
            or before.dep_ not in _MODIFIERS
            or (before.dep_ == "compound" and not noun)
        ):
            break
        first -= 1
    return first


def _trimmed(tokens: "list[Token]", first: int, last: int) -> tuple[int, int]:
    """The phrase without function words and marks at its ends."""
    while first < last and _is_loose(tokens[first], tokens[first + 1]):
        first += 1
    while last > first and _is_open(tokens[last], tokens[last + 1] if last + 1 < len(tokens) else None):
        last -= 1
    return first, last


def _is_loose(token: "Token", after: "Token") -> bool:
    """Whether the word begins no phrase: "cannot" and "not" do, but not "could" in "could not be issued"."""
    if not token.whitespace_ and after.is_alpha and token.is_alpha:
        return False
    if token.dep_ == "neg" and after.pos_ == "AUX":
        return True
    return (token.pos_ in _LOOSE and token.lower_ not in _TELLING and after.text not in _JOINTS) or _is_mark(
        token
    )


def _is_open(token: "Token", after: "Token | None") -> bool:
    """Whether the word ends no phrase: "banks have become | a nuisance", "thanks | to"."""
    if after is not None and token.lower_ in _OPENERS and after.lower_ in _LINKS:
        return True
    loose = token.pos_ in _LOOSE and token.lower_ not in _TELLING
    return (loose and token.dep_ not in _AFTER) or token.lemma_ in _COPULAS or _is_mark(token)


def _is_mark(token: "Token") -> bool:
    return not any(map(str.isalnum, token.text))


def _is_border(token: "Token") -> bool:
    """Whether no phrase goes on over the token."""
    return token.text in _BORDERS or token.is_space or (token.lemma_ in _SAYING and token.tag_ in _TAGS)


def _is_joined(tokens: "list[Token]", first: int, last: int) -> bool:
    """Whether no mark or break stands in the tokens."""
    return not any((t.is_punct and t.text not in _JOINTS) or t.is_space for t in tokens[first : last + 1])
