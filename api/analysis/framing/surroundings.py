"""The phrase around words that say too little when they are quoted alone: "hands", "slew of financial"."""

from typing import TYPE_CHECKING

from api.analysis.text.document import Document, Text
from api.analysis.text.shown_words import shown, whole_words

if TYPE_CHECKING:
    from spacy.tokens import Token

_LEAST, _MOST = 3, 12  # tokens of the phrase
_TELLING = frozenset({"NOUN", "PROPN", "VERB", "ADJ", "NUM"})  # one of them makes the phrase worth quoting
_NOT_FIRST = frozenset({"ADP", "CCONJ", "SCONJ", "DET", "PUNCT", "SPACE"})
_NOT_LAST = frozenset({"CCONJ", "SCONJ", "PUNCT", "SPACE"})


def surroundings(document: Text, start: int, end: int) -> str | None:
    """The smallest phrase around one word at [start, end), or around words whose last adjective lacks its noun.

    None for other words, without a parse, or if there is no such phrase of at most twelve words in one line.
    """
    if not isinstance(document, Document):
        return None
    first, last = document.token_at(start), document.token_at(max(end - 1, start))
    tokens = document.all_tokens[first : last + 1]
    if len(tokens) > 1 and not (tokens[-1].dep_ == "amod" and tokens[-1].head.i > last):
        return None
    low, high = whole_words(document.text, start, end)
    root: Token | None = next((t for t in tokens if not first <= t.head.i <= last), tokens[0])
    while root is not None:
        left, right = _edges(root, first, last)
        if right.i - left.i >= _MOST or any(t.is_space for t in root.doc[left.i : right.i + 1]):
            return None
        beyond = [*root.doc[left.i : first], *root.doc[last + 1 : right.i + 1]]
        tells = any(t.pos_ in _TELLING and (t.idx >= high or t.idx < low) for t in beyond)
        if tells and right.i - left.i + 1 >= _LEAST:
            return shown(document.text[min(left.idx, low) : max(right.idx + len(right.text), high)])
        root = root.head if root.head != root else None
    return None


def _edges(root: "Token", first: int, last: int) -> tuple["Token", "Token"]:
    """The first and last token of the root's phrase, without words that lead to it, and marks at its end."""
    left, right = root.left_edge, root.right_edge
    while left.i < first and left.pos_ in _NOT_FIRST:
        left = left.nbor(1)
    while right.i > last and right.pos_ in _NOT_LAST:
        right = right.nbor(-1)
    return left, right
