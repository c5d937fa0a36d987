"""The statement that a figure belongs to: the clause with its subject, in the words of the text.

A clause without a subject of its own ("raising $1 billion", "which sold 400") is part of the next one above that
has one. Words that another speaker says or writes stand with that speaker, or are reduced to the noun that the
figure counts. What is only supposed ("if we host 400") states nothing.

Limits: the parse's clauses; a heading that runs into its sentence stays.
"""

import re
from itertools import product
from typing import TYPE_CHECKING, Final

from api.analysis.content.summary import BY_PRONOUN
from api.analysis.parsing.clauses import SUBJECTS
from api.analysis.parsing.relayed import report_at
from api.analysis.text.datelines import dateline_of
from api.analysis.text.document import DOCUMENT_VOICE, UNNAMED_VOICE, Document, Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

MAX_CHARACTERS: Final = 240  # characters; longer clauses are no measures
MAX_WORDS: Final = 38
ENOUGH_WORDS: Final = 18  # a longer statement loses the clauses behind its figure
_RELATIVE: Final = frozenset({"WDT", "WP", "WP$"})
_SUPPOSES: Final = frozenset({"if", "whether", "unless", "suppose", "imagine"})
_FINITE: Final = frozenset({"VBD", "VBZ", "VBP", "MD"})
_STEPS: Final = 12  # up the parse
_SKIPPED: Final = frozenset({"PUNCT", "SPACE", "CCONJ", "SYM", "X"})
_MARKS: Final = frozenset({"mark", "cc", "advmod"})
_CLAUSES: Final = frozenset({"advcl", "relcl", "acl"})
_OPENERS: Final = frozenset({"which", "who", "while", "as", "but", "because", "with"})
_JOINS: Final = frozenset({"CCONJ", "SCONJ"})
_STOPS: Final = frozenset({",", ";", ":", "—", "–", "(", ")", "“", "”", '"'})
_EDGE: Final = " ,;:–—*•-\\\t\n"
_OPENING = re.compile(r"(?:so(?! far)|and|but|yet|that|plus|then),? (?=[\w$€£])", re.IGNORECASE)
_LABEL = re.compile(r"[A-Z][^:.!?“”\n]{2,60}: (?=[A-Z])")
_MIN_WORDS: Final = 6  # of a noun that is to say what it is about
_DANGLING = re.compile(
    r"\s(?:and|or|but|with|of|to|by|as|for|in|while|which|that|who|the|a|an|there (?:is|are|was|were))$",
    re.IGNORECASE,
)
_PAIRS: Final = (("(", ")"), ("“", "”"), ("[", "]"))


def statement_around(document: Document, sentence: Sentence, start: int, end: int) -> tuple[int, int] | None:
    """The characters of the statement with the figure at [start, end); None if the sentence makes none."""
    if sentence.role == "title":
        return _trimmed(document, sentence.first, sentence.last, start, end)
    token = document.doc[document.token_at(start)]
    for verb in _verbs_above(token, sentence):
        subject = _subject(verb)
        if subject is None or subject.left_edge.tag_ in _RELATIVE or not _is_finite(verb):
            continue
        found = _fitting(document, sentence, verb, subject, start, end)
        if found is not None and _names_its_speaker(document, sentence, start, end, found):
            return found
    return None


def is_supposed(document: Document, sentence: Sentence, start: int) -> bool:
    """Whether the figure at `start` stands in a condition or a question."""
    token = document.doc[document.token_at(start)]
    return any(
        _is_condition(verb) or any(c.dep_ == "advcl" and _is_condition(c) for c in verb.children)
        for verb in _verbs_above(token, sentence)
    )


def _is_condition(verb: "Token") -> bool:
    return any(c.lower_ in _SUPPOSES and c.dep_ in _MARKS for c in verb.children)


def counted_noun(
    document: Document, sentence: Sentence, start: int, end: int, fewest: int = _MIN_WORDS
) -> tuple[int, int] | None:
    """The characters of the noun that the figure at [start, end) counts, with what belongs to it."""
    doc = document.doc
    noun = doc[document.token_at(start)]
    while (
        noun.pos_ not in ("NOUN", "PROPN") and noun.head.i != noun.i and noun.head.pos_ not in ("VERB", "AUX")
    ):
        noun = noun.head
    part = noun.pos_ == "NUM" and any(c.dep_ == "prep" for c in noun.children)  # "$50 billion in subsidies"
    if (noun.pos_ not in ("NOUN", "PROPN") and not part) or not sentence.first <= noun.i < sentence.last:
        return None
    at = document.token_at(start)
    low, high = max(min(noun.left_edge.i, at), sentence.first), min(noun.right_edge.i + 1, sentence.last)
    low = next((i + 1 for i in range(at - 1, low - 1, -1) if doc[i].text in _STOPS or doc[i].is_space), low)
    high = next((i for i in range(noun.i + 1, high) if doc[i].text in _STOPS or doc[i].is_space), high)
    found = _trimmed(document, low, high, start, end)
    return found if found and len(document.text[found[0] : found[1]].split()) >= fewest else None


def _verbs_above(token: "Token", sentence: Sentence) -> "Iterator[Token]":
    """The verbs over the token within its sentence, the nearest first."""
    for _ in range(_STEPS):
        if token.pos_ in ("VERB", "AUX"):
            yield token
        if token.head.i == token.i or not sentence.first <= token.head.i < sentence.last:
            return
        token = token.head


def _subject(verb: "Token") -> "Token | None":
    return next((c for c in verb.children if c.dep_ in SUBJECTS and c.i < verb.i), None)


def _is_finite(verb: "Token") -> bool:
    return any(t.tag_ in _FINITE for t in (verb, *verb.children) if t.pos_ in ("VERB", "AUX"))


def _fitting(
    document: Document, sentence: Sentence, verb: "Token", subject: "Token", start: int, end: int
) -> tuple[int, int] | None:
    """The clause of the verb: whole, or without clauses behind the figure or words before the subject."""
    doc = document.doc
    low, high = max(verb.left_edge.i, sentence.first), min(verb.right_edge.i + 1, sentence.last)
    opening = max(subject.left_edge.i, sentence.first)
    at = document.token_at(max(end - 1, start))
    for child in verb.children:  # another statement, and a mark before the own one
        if child.dep_ == "conj" and child.i > at and _subject(child) is not None:
            high = min(high, max(child.left_edge.i, at + 1))
        if child.pos_ in _JOINS and child.i < opening and document.token_at(start) > child.i:
            low = max(low, child.i + 1)
    colon = next((i for i in range(opening - 1, low - 1, -1) if doc[i].text == ":"), None)
    if colon is not None and colon < document.token_at(start):
        low = colon + 1
    opens = next((i for i in range(low, min(low + 3, opening)) if doc[i].text == ","), None)
    if opens is not None and opens < document.token_at(start):
        low = opens + 1  # "Importantly, "
    lows = [low, *([opening] if low < opening <= document.token_at(start) else [])]
    ends = sorted({i for i in range(at + 1, high) if closes_statement(doc[i])}, reverse=True)
    highs = [high, *ends]
    if high - low > ENOUGH_WORDS and ends:
        highs = [*ends, high]
    for first, last in product(lows, highs):
        found = _trimmed(document, first, last, start, end)
        if found is not None and found[0] <= doc[verb.i].idx < found[1]:
            return found
    return None


def closes_statement(token: "Token") -> bool:
    """Whether a statement may end before the token: at a stop before a clause of its own."""
    if token.text in (";", "—", "–"):
        return True
    if token.text != ",":
        return False
    if token.i + 1 == len(token.doc):
        return False
    after = token.nbor(1)
    clause = next((t for t in (after, after.head) if t.dep_ in _CLAUSES), None)
    return after.lower_ in _OPENERS or (clause is not None and clause.i >= after.i)


def _dateline(document: Document) -> tuple[int, int]:
    return dateline_of(document.text, document.article.body_start)


def _trimmed(document: Document, first: int, last: int, start: int, end: int) -> tuple[int, int] | None:
    """The characters of the tokens [first, last) without marks at the edges; None if they are no whole phrase."""
    doc, text = document.doc, document.text
    at = document.token_at(start)
    while first < at and doc[first].pos_ in _SKIPPED and doc[first].text not in "$€£¥":
        first += 1
    if last <= first:
        return None
    low, high = min(doc[first].idx, start), max(end, doc[last - 1].idx + len(doc[last - 1].text))
    low += len(text[low:high]) - len(text[low:high].lstrip(_EDGE))
    if low < (behind := document.once(_dateline)[1]) <= start:
        low = behind
    for opening in (_LABEL, _OPENING):
        if (found := opening.match(text, low, high)) is not None and found.end() <= start:
            low = found.end()
    words = text[low:high].rstrip(_EDGE + ".!")
    while (cut := _DANGLING.sub("", words).rstrip(_EDGE)) != words:
        words = cut
    high = low + len(words)
    if not low <= start or not end <= high or len(words) > MAX_CHARACTERS or len(words.split()) > MAX_WORDS:
        return None
    if "\n" in words or any(words.count(a) != words.count(b) for a, b in _PAIRS) or words.count('"') % 2:
        return None
    return low, high


def _names_its_speaker(
    document: Document, sentence: Sentence, start: int, end: int, found: tuple[int, int]
) -> bool:
    """Whether the statement at `found` has the speaker of the figure, if that is not the document."""
    if document.relayed_voice(start, end) == DOCUMENT_VOICE:
        return True
    voice = document.voice_at(start, end)
    words = document.text[found[0] : found[1]]
    if voice not in (DOCUMENT_VOICE, UNNAMED_VOICE):
        return voice.split()[-1] in words
    report = report_at(document, start, end)
    told = report is not None and found[0] <= document.doc[report.cue].idx < found[1]
    return told and BY_PRONOUN.search(words) is None
