"""Subjects that the parser attaches elsewhere or cuts: of participles, behind titles, and in hyphenated words."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_MAX_ABOVE = 4  # verbs above a participle that may have its subject


def is_participle(subject: Token) -> bool:
    """Whether the subject is no name: "Commenting, chief executive Jane Roe said"."""
    opens = bool(subject.is_sent_start) and subject.lower_.endswith("ing") and not subject.ent_type_
    return subject.tag_ == "VBG" or (
        opens and subject.i + 1 < len(subject.doc) and subject.nbor(1).text == ","
    )


def shared_subject(verb: Token) -> Token | None:
    """The subject of the verbs above a participle: "The guild has seen fit to comment, saying that"."""
    for above in islice(verb.ancestors, _MAX_ABOVE):
        subject = next((c for c in above.children if c.dep_ == "nsubj"), None)
        if subject is not None or above.pos_ not in ("VERB", "AUX"):
            return subject
    return None


def last_part(token: Token) -> Token:
    """The last part of a word that the parser cut at hyphens, or the name behind it: "our co-founder Jo Roe"."""
    doc = token.doc
    while token.i + 2 < len(doc) and doc[token.i + 1].text == "-" and not token.whitespace_:
        if doc[token.i + 1].whitespace_ or doc[token.i + 2].pos_ not in ("NOUN", "PROPN"):
            break
        token = doc[token.i + 2]
    is_title = token.dep_ == "compound" and token.pos_ == "NOUN" and token.head.pos_ == "PROPN"
    return token.head if is_title and token.head.i > token.i else token


def joins(doc: Doc, at: int) -> bool:
    """Whether the token is a hyphen within a word, or within a firm's name ("Pell & Marrow")."""
    token = doc[at]
    if token.text == "&":
        return 0 < at < len(doc) - 1 and doc[at - 1].is_title and doc[at + 1].is_title
    return token.text == "-" and not token.whitespace_ and not token.nbor(-1).whitespace_
