"""Loaded modifiers, without which a statement is plain and stays whole: praise, softening and excuse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.analysis.text.document import Document
from api.analysis.text.lexicon import words
from api.analysis.text.passages import NEGATIONS

if TYPE_CHECKING:
    from spacy.tokens import Token

MARKED = 0.5  # chance of a word that a reader would probably mark as loaded
# Modifiers that praise, soften or excuse and say nothing that a reader could check.
_LOADED = words(
    "alarming amazing awesome best-in-class bold breakthrough brilliant confident cutting-edge devastating "
    "distinctive empowering encouraging excellent exceptional exciting extraordinary fantastic game-changing "
    "generous great greatly groundbreaking happily highly incredible incredibly innovative inspiring landmark "
    "leading massive meaningful modest next-generation outstanding pioneering powerful premier prestigious "
    "proactive proudly prudent remarkable renowned revolutionary robust seamless seamlessly significant "
    "significantly simply sophisticated staggering state-of-the-art stunning super superior swift swiftly "
    "actually deliberate deliberately gradually honestly progressively regrettably "
    "thoughtful thoughtfully transformational transformative tremendous truly ultimate unique unparalleled "
    "unprecedented unrivalled valued vibrant world-class"
)
# May be marked, and tell or limit something, so that they must stay.
_FACTUAL = words(
    "alleged current few final first former free last limited little low minimal minor new next open partial "
    "penultimate planned possible potential proposed public second slight small temporary voluntary"
)


def is_loaded_modifier(document: Document, token: Token) -> bool:
    """Whether the word can be left out and is loaded: by the list, or as a reader would probably mark it."""
    if not _is_mere_modifier(token):
        return False
    if token.lower_ in _LOADED:
        return True
    marked = document.chance(token.idx, token.idx + len(token.text)) >= MARKED
    return (
        marked
        and token.lower_ not in _FACTUAL
        and not (token.like_num or token.ent_type_ or token.text[0].isupper())
    )


def _is_mere_modifier(token: Token) -> bool:
    """Whether an adjective or adverb before its head can be left out."""
    return (
        (token.dep_, token.pos_) in (("amod", "ADJ"), ("advmod", "ADV"), ("amod", "VERB"))
        and token.i < token.head.i
        and token.tag_ not in ("JJR", "RBR")
        and token.nbor(1).text not in "-–"
        and token.nbor(1).dep_ != "cc"
        and (token.i == 0 or (token.nbor(-1).text not in "-–" and token.nbor(-1).dep_ != "cc"))
        and all(c.dep_ == "advmod" and c.lower_ not in NEGATIONS for c in token.children)
        and token.lower_ not in NEGATIONS
    )
