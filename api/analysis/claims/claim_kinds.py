"""Classifies claims as technical, product, market and so on, by what happened and the words of claim and text.

`claim_kinds.json` lists the terms, and for each kind of happening the shares, in thousandths and in the order of
`order`, of each kind among the labelled claims of 1,452 stories. A sentence's distinct terms count one each, a
kind's share of all terms of the text is added, and the happening's share is the prior. Of 735 labelled claims
that chose no weight, 50 in 100 agree with the label, without the happening 46 (the nine kinds overlap; the most
frequent one alone would give 24).
"""

import math

from msgspec import Struct

from api.analysis.text.data_files import data_file
from api.analysis.text.document import Sentence, Text
from api.analysis.text.lexicon import Lexicon, phrases
from schemas.enums import ClaimKind, HappeningKind

_TERMS_WEIGHT = 2.0  # of the words against the prior; chosen on half of the claims, tested on the others


class _Kinds(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    order: list[ClaimKind]  # the first wins a tie
    terms: dict[ClaimKind, str]
    unknown: list[int]  # the shares over all stories
    shares: dict[HappeningKind, list[int]]


_KINDS = data_file("claims/claim_kinds.json", _Kinds)
_LEXICONS = {kind: Lexicon(phrases(_KINDS.terms[kind])) for kind in _KINDS.order}


class Kinds:
    """The kind of claim (financial, legal, ...) that each sentence of a text makes."""

    def __init__(self, document: Text, happening: HappeningKind | None = None) -> None:
        terms = {kind: list(lexicon.by_sentence(document)) for kind, lexicon in _LEXICONS.items()}
        total = sum(map(len, terms.values())) or 1
        self._shares = {kind: len(kind_terms) / total for kind, kind_terms in terms.items()}
        priors = _KINDS.shares[happening] if happening else _KINDS.unknown
        self._priors = {
            kind: math.log(share / 1000 + 0.01) for kind, share in zip(_KINDS.order, priors, strict=True)
        }
        self._terms: dict[int, dict[ClaimKind, set[str]]] = {}
        for kind, kind_terms in terms.items():
            for sentence, term in kind_terms:
                self._terms.setdefault(sentence.index, {}).setdefault(kind, set()).add(term)

    def of(self, sentence: Sentence) -> ClaimKind:
        """The kind of one sentence."""
        terms = self._terms.get(sentence.index, {})

        def worth(kind: ClaimKind) -> float:
            by_words = math.log1p(len(terms.get(kind, ())) + self._shares[kind])
            return round(_TERMS_WEIGHT * by_words + self._priors[kind], 9)

        return max(_KINDS.order, key=worth)
