"""Loaded modifiers, without which a statement is plain and stays whole: praise, softening and excuse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.analysis.text.document import Document, Sentence
from api.analysis.text.lexicon import words
from api.analysis.text.passages import NEGATIONS

if TYPE_CHECKING:
    from spacy.tokens import Token

BOASTS = 0.5  # share of loaded words by which a sentence tells praise and no deed
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
    "about almost approximately estimated expected nearly partly reportedly roughly "
    "penultimate planned possible potential proposed public second slight small temporary voluntary"
)

# Of what these have as their object, the modifier is the news: "demonstrated robust trading".
_SHOWING = words("deliver demonstrate display enjoy maintain see show")
_EVERYBODY = words("world industry nation country market region planet")
_RANKS = words("first only leading premier")


def is_loaded_modifier(document: Document, token: Token) -> bool:
    """Whether the word can be left out and is loaded: by the list, or as a reader would probably mark it."""
    if not _is_mere_modifier(token) or _is_said(token):
        return False
    if token.lower_ in _LOADED:
        return True
    return (
        _is_marked(document, token)
        and token.lower_ not in _FACTUAL
        and not (token.like_num or token.ent_type_ or token.text[0].isupper())
    )


def _is_said(token: Token) -> bool:
    """Whether the noun says little without the modifier."""
    noun = token.head
    is_bare = all(c.i >= noun.i or c == token for c in noun.children)
    return noun.dep_ == "dobj" and noun.tag_ == "NN" and is_bare and noun.head.lemma_ in _SHOWING


def rank_of(document: Document, token: Token) -> list[Token]:
    """The loaded words of rank that begin with this possessor: "the world's first"; [] if it begins none."""
    if token.dep_ != "poss" or token.lower_ not in _EVERYBODY or token.i + 2 >= len(token.doc):
        return []
    mark, rank = token.nbor(1), token.nbor(2)
    is_rank = rank.tag_ == "JJS" or rank.lower_ in _RANKS
    if mark.tag_ != "POS" or not is_rank or token.head.i <= rank.i or not _is_marked(document, rank):
        return []
    return list(token.doc[token.left_edge.i : rank.i + 1])


def boasts(document: Document, sentence: Sentence) -> bool:
    """Whether loaded words are most of what the sentence says of its subject, without a figure or a name."""
    root = next((t for t in document.tokens(sentence) if t.dep_ == "ROOT"), None)
    if root is None or sentence.numbers:
        return False
    behind = [t for t in document.tokens(sentence) if t.i > root.i and t.is_alpha and not t.is_stop]
    said = [t for t in behind if not is_loaded_modifier(document, t)]
    loaded = [t for t in said if _is_marked(document, t)]
    return len(loaded) > BOASTS * len(said) and not any(t.ent_type_ or t.pos_ == "PROPN" for t in said)


def _is_marked(document: Document, token: Token) -> bool:
    return document.chance(token.idx, token.idx + len(token.text)) >= MARKED


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
