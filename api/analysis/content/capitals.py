"""Whether the first word of a sentence keeps its capital inside another one.

Limits: a name whose first word is a common one, and that the text has nowhere else, may lose its capital.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from api.analysis.parsing.clauses import SUBJECTS
from api.analysis.text.document import Document
from api.analysis.text.lexicon import words
from api.analysis.text.stop_words import STOP_WORDS

if TYPE_CHECKING:
    from spacy.tokens import Token

_ORDER = words("last next late early mid")  # "Last October" is found to be a name
_FUNCTION_WORDS = frozenset({"DET", "ADP", "SCONJ", "PRON", "ADV", "CCONJ"})


def keeps_capital(document: Document, tokens: list[Token]) -> bool:
    """Whether the first of the sentence's tokens has a capital inside a sentence too."""
    first = tokens[0]
    following = tokens[1] if len(tokens) > 1 else first
    if first.ent_type_ == "DATE" and first.lower_ in _ORDER:
        return False
    if first.text == "I" or _opens_name(first, following):
        return True
    if first.pos_ not in _FUNCTION_WORDS and (
        (first.ent_type_ == "DATE" and first.pos_ == "PROPN") or _is_capital_within(document, first)
    ):
        return True
    if first.pos_ in _FUNCTION_WORDS or first.lower_ in STOP_WORDS:
        return False
    if first.pos_ == "PROPN" and (first.ent_type_ or not first.is_title or _is_name(document, first)):
        return True
    # "Roles will go" is found to be a firm's name, "High-resolution" is not
    is_common = first.tag_ in ("NNS", "VBG", "VBN") or (first.tag_ == "JJ" and not first.ent_type_)
    if is_common and following.i != first.i and not following.is_title:
        return False
    return f" {first.lower_}" not in document.text


def _opens_name(first: Token, following: Token) -> bool:
    """Whether a common word is the first of a longer name: "One World Products", "Best Pumps announced"."""
    if not following.is_title or following.i == first.i or first.pos_ == "DET":
        return False
    if first.pos_ == "ADP":  # "Over Tarn Ltd. has": what the parser takes for a phrase leaves no subject
        verb = first.head
        return verb.dep_ == "ROOT" and verb.i > first.i and not any(c.dep_ in SUBJECTS for c in verb.children)
    in_one_name = following.ent_iob_ == "I" and following.ent_type_ == first.ent_type_
    joined = first.tag_ == following.tag_ == "NNP" and first.dep_ == "compound"
    return in_one_name or joined or (first.pos_ == "NUM" and first.head.pos_ == "PROPN")


def _is_capital_within(document: Document, first: Token) -> bool:
    """Whether the text has the word with its capital inside a sentence set in lower case."""
    pairs = pairwise(document.all_tokens)
    return first.is_title and any(t.text == first.text and before.is_lower for before, t in pairs)


def _is_name(document: Document, first: Token) -> bool:
    """Whether the text has no such word in lower case: "Misinformation is" is found to be a name."""
    return not any(t.text == first.lower_ for t in document.all_tokens)
