"""Classifies claims as technical, product, market and so on, by the words of claim and text.

`claim_kinds.json` lists the terms. A sentence's distinct terms count one each; a kind's share of all terms of
the text breaks ties and decides for a sentence without terms. On the 3,244 labelled training claims, 46 in 100
agree with the label (the nine kinds overlap; the most frequent one alone would give 24).
"""

from msgspec import Struct

from api.analysis.text.data_files import data_file
from api.analysis.text.document import Sentence, Text
from api.analysis.text.lexicon import Lexicon, phrases
from schemas.enums import ClaimKind


class _Kinds(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    order: list[ClaimKind]  # the first wins a tie
    terms: dict[ClaimKind, str]


_KINDS = data_file("content/claim_kinds.json", _Kinds)
_LEXICONS = {kind: Lexicon(phrases(_KINDS.terms[kind])) for kind in _KINDS.order}


class Kinds:
    """The kind of claim (financial, legal, ...) that each sentence of a text makes."""

    def __init__(self, document: Text) -> None:
        terms = {kind: list(lexicon.by_sentence(document)) for kind, lexicon in _LEXICONS.items()}
        total = sum(map(len, terms.values())) or 1
        self._shares = {kind: len(kind_terms) / total for kind, kind_terms in terms.items()}
        self._terms: dict[int, dict[ClaimKind, set[str]]] = {}
        for kind, kind_terms in terms.items():
            for sentence, term in kind_terms:
                self._terms.setdefault(sentence.index, {}).setdefault(kind, set()).add(term)

    def of(self, sentence: Sentence) -> ClaimKind:
        """The kind of one sentence."""
        terms = self._terms.get(sentence.index, {})
        return max(_KINDS.order, key=lambda kind: len(terms.get(kind, ())) + self._shares[kind])
