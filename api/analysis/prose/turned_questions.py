"""Turns a sentence round into the question for its number, its date or its reason, by the parse.

Sentences that do not turn (pronouns, several verbs before the figure, words in marks) give none.
"""

import re
from typing import TYPE_CHECKING, Final

from api.analysis.text.datelines import dateline_of
from api.analysis.text.document import Document, Sentence
from api.analysis.text.names import within_sentence

if TYPE_CHECKING:
    from spacy.tokens import Token

MAX_SUBJECT: Final = 8  # words
MAX_OBJECT: Final = 9
MAX_PREDICATE: Final = 16
UNFIT = re.compile(r"[“”\"()\[\]<>|\n;:]")
_WHEN: Final = {
    "on": "When", "in": "When", "at": "When", "after": "When", "by": "By when", "from": "From when",
    "until": "Until when", "since": "Since when",
}  # fmt: skip
_DOUBLES = re.compile(r"[^aeiou]{1,3}[aeiou][^aeiouwxy]", re.IGNORECASE)  # its last letter, before "-ed"
_THIS: Final = frozenset({"this", "that", "these", "those", "such", "both", "another", "other"})
_OBJECTS: Final = frozenset({"dobj", "attr", "acomp", "oprd"})
_EACH: Final = frozenset({"each", "every", "per", "annually"})  # how often, not when
_DO: Final = {"VBD": "did", "VBZ": "does", "VBP": "do"}


def how_many(document: Document, sentence: Sentence) -> str | None:
    """The question for the number of the sentence's subject or object."""
    clause = _clause(document, sentence)
    if clause is None:
        return None
    verb, subject = clause
    if (counted := _counted(document, subject)) is not None:
        upto = _end(document, sentence)
        predicate = document.text[_after(subject) : upto].strip()
        if subject.left_edge.i == sentence.first and 1 < len(predicate.split()) <= MAX_PREDICATE:
            return f"How many {counted} {predicate}?"
    noun = next((c for c in verb.children if c.dep_ == "dobj"), None)
    if noun is None:
        return None
    if any(c.text in "$€£" for c in noun.subtree) and noun.ent_type_ == "MONEY":
        return _turned(document, "How much", verb, subject, with_object=False)
    counted = _counted(document, noun)
    return _turned(document, f"How many {counted}", verb, subject, with_object=False) if counted else None


def when(document: Document, sentence: Sentence) -> str | None:
    """The question for the date of the sentence's verb."""
    clause = _clause(document, sentence)
    if clause is None:
        return None
    verb, subject = clause
    for child in verb.children:
        if any(t.lower_ in _EACH for t in child.subtree):
            continue
        if child.dep_ == "npadvmod" and child.ent_type_ == "DATE":
            return _turned(document, "When", verb, subject, with_object=True)
        dated = any(c.dep_ == "pobj" and c.ent_type_ == "DATE" for c in child.children)
        if child.dep_ == "prep" and dated and child.lower_ in _WHEN:
            return _turned(document, _WHEN[child.lower_], verb, subject, with_object=True)
    return None


def why(document: Document, sentence: Sentence) -> str | None:
    """The question for a reason that follows "because"."""
    clause = _clause(document, sentence)
    if clause is None:
        return None
    verb, subject = clause
    reasons = (c for c in verb.children if c.dep_ in ("advcl", "prep") and c.i > verb.i)
    given = any(
        c.lower_ == "because" or any(m.lower_ == "because" and m.dep_ == "mark" for m in c.children)
        for c in reasons
    )
    return _turned(document, "Why", verb, subject, with_object=True) if given else None


def _clause(document: Document, sentence: Sentence) -> "tuple[Token, Token] | None":
    """The sentence's main verb and its subject; None if that points elsewhere, or the verb governs another."""
    root = next(
        (t for t in document.tokens(sentence) if t.dep_ == "ROOT" and t.pos_ in ("VERB", "AUX")), None
    )
    if root is None or any(c.dep_ in ("expl", "ccomp", "xcomp") or c.lower_ == "had" for c in root.children):
        return None
    subject = next((c for c in root.children if c.dep_ in ("nsubj", "nsubjpass") and c.i < root.i), None)
    if subject is None or subject.pos_ not in ("NOUN", "PROPN") or not _agree(root, subject):
        return None
    low, high = dateline_of(document.text, document.article.body_start)
    if low <= subject.left_edge.idx < high:
        return None
    return None if any(t.pos_ == "PRON" or t.lower_ in _THIS for t in subject.subtree) else (root, subject)


def _agree(verb: "Token", subject: "Token") -> bool:
    """Whether the number of the verb fits that of the subject, as far as it shows."""
    plural = subject.tag_ in ("NNS", "NNPS") or any(c.dep_ == "conj" for c in subject.children)
    return verb.tag_ in ("VBD", "VBN", "VB") or verb.tag_ == ("VBP" if plural else "VBZ")


def _counted(document: Document, noun: "Token") -> str | None:
    """The noun in the plural with what belongs to it, without its number; None if it has none."""
    number = next((c for c in noun.lefts if c.dep_ == "nummod"), None)
    if number is None or noun.tag_ not in ("NNS", "NNPS") or number.ent_type_ in ("MONEY", "PERCENT", "DATE"):
        return None
    words = document.text[_after_word(number) : _after(noun)].strip()
    return words if 0 < len(words.split()) <= MAX_OBJECT else None


def _turned(
    document: Document, asks: str, verb: "Token", subject: "Token", *, with_object: bool
) -> str | None:
    """The clause as a question; None if it does not turn."""
    helpers = [
        c for c in verb.children if c.dep_ in ("aux", "auxpass") and c.i > subject.i and c.lower_ != "to"
    ]
    parts = [c for c in verb.children if c.dep_ == "prt"]
    if with_object:
        parts += [c for c in verb.children if c.dep_ in _OBJECTS and c.i > verb.i]
    parts += [c for c in verb.children if c.dep_ == "dative" and c.i > verb.i]
    who = _words(document, subject)
    rest = [_words(document, part) for part in sorted(parts, key=lambda t: t.i)]
    if who is None or None in rest or len(who.split()) > MAX_SUBJECT:
        return None
    if sum(len((words or "").split()) for words in rest) > MAX_OBJECT:
        return None
    is_name = subject.left_edge.pos_ == "PROPN"
    who = within_sentence(who) if is_name else f"{who[:1].lower()}{who[1:]}"
    if helpers:
        said = [helpers[0].text, who, *(h.text for h in helpers[1:]), verb.text]
    elif verb.pos_ == "AUX":
        said = [verb.text, who]
    elif verb.tag_ in _DO:
        said = [_DO[verb.tag_], who, _base(verb)]
    else:
        return None
    return " ".join([asks, *said, *(words for words in rest if words)]) + "?"


def _base(verb: "Token") -> str:
    """The infinitive; that of "fined" is taken for "fin", though "finned" would be its past."""
    stem = verb.lemma_
    return f"{stem}e" if verb.lower_ == f"{stem}ed" and _DOUBLES.fullmatch(stem) else stem


def _words(document: Document, token: "Token") -> str | None:
    """All that belongs to the token, as written; None with a clause of its own or marks in it."""
    if any(t.dep_ in ("relcl", "acl", "advcl", "appos", "conj") for t in token.subtree if t.i != token.i):
        return None
    words = document.text[token.left_edge.idx : _after(token)]
    if document.text[_after(token) :][:1] in ("-", "/", "–"):
        return None
    return None if UNFIT.search(words) or "," in words else words


def _after(token: "Token") -> int:
    """The offset after the last word that belongs to the token."""
    return _after_word(token.right_edge)


def _after_word(token: "Token") -> int:
    return token.idx + len(token.text)


def _end(document: Document, sentence: Sentence) -> int:
    """The offset of the sentence's closing mark."""
    last = sentence.last - 1
    while last > sentence.first and document.doc[last].pos_ in ("PUNCT", "SPACE"):
        last -= 1
    return _after_word(document.doc[last])
