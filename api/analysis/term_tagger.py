"""Which words of a text are loaded: a learned tagger over tokens, in two passes, both logistic.

The first sees a token's form, its lemma, its part of speech and its neighbours (Ratnaparkhi 1996 has the same
kind of features); the second what the first and the sentence encoder say of the token, of the six around it and
of its sentence. Then runs of likely tokens become terms, without function words at their ends.

It finds what careful readers marked in stories; what they overlook it overlooks as well. The weights
(`term_weights.json`) come from `term_training.py`. Agreement with readers stands on the methodology page.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from api.analysis.data_files import data_file
from api.analysis.document import DOCUMENT_VOICE, Document, Sentence
from api.analysis.encoder import CLAIM, SCORE, TERMS, Encoded
from api.analysis.lexicon import words

Floats = NDArray[np.float64]
_OUTSIDE = -6.0  # log-odds beyond a text's ends
_WINDOW = 3  # tokens to either side
_TAGS = ("JJ", "RB", "NN", "NNP", "VB", "CD", "IN", "DT")  # beginnings of Penn tags
_FURTHEST = 6.0  # standard deviations; what lies beyond is as far
_SPEAKING = frozenset({"we", "our", "us"})
_SAYING = frozenset({"said", "says", "according", "told"})
_STOPS = frozenset(".;:!?“”()")  # a term does not reach over them
_MARKS = tuple(".,;:()“”\"'‘’—–-")
# no term begins or ends with them
_LOOSE = frozenset(_MARKS) | words(
    "the a an and or of to in on for with that is are was it its by as at this"
)


class TermWeights(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """`first`: weight of each feature of a token. `means`, `spreads`, `second`: of the second pass's columns.

    `threshold` is the probability from which a token is loaded.
    """

    origin: str
    first_base: float
    first: dict[str, float]
    means: list[float]
    spreads: list[float]
    second: list[float]
    second_base: float
    threshold: float


@dataclass(frozen=True, slots=True)
class TaggedTerm:
    """Characters [start, end) of the text, and how likely a careful reader marks them."""

    start: int
    end: int
    probability: float


@cache
def term_weights() -> TermWeights:
    """The shipped weights."""
    return data_file("term_weights.json", TermWeights)


def tagged_terms(document: Document, encoded: Encoded) -> list[TaggedTerm]:
    """The loaded terms in the order of the text; they do not overlap."""
    weights = term_weights()
    first = [
        weights.first_base + sum(weights.first.get(name, 0.0) for name in features)
        for _, features in token_features(document)
    ]
    columns = second_columns(document, np.array(first), encoded)
    scaled = (columns - np.array(weights.means)) / np.array(weights.spreads)
    odds = np.clip(scaled, -_FURTHEST, _FURTHEST) @ np.array(weights.second) + weights.second_base
    return terms_of(document, 1 / (1 + np.exp(-odds)), weights.threshold)


def token_features(document: Document) -> Iterator[tuple[int, list[str]]]:
    """The number and the features of every token that is not white space, in order."""
    quoted = np.zeros(len(document.text) + 1, bool)
    for quotation in document.quotations:
        quoted[quotation.start : quotation.end] = True
    for sentence in document.sentences:
        tokens = [t for t in document.tokens(sentence) if not t.is_space]
        low = ["<", "<", *(t.lower_ for t in tokens), ">", ">"]
        lemma = ["<", "<", *(t.lemma_.lower() for t in tokens), ">", ">"]
        tag = ["<", "<", *(t.tag_ for t in tokens), ">", ">"]
        shared = _sentence_features(sentence, low)
        for place, token in enumerate(tokens, 2):
            word = low[place]
            yield (
                token.i,
                [
                    f"w={word}",
                    f"l={lemma[place]}",
                    f"t={tag[place]}",
                    f"d={token.dep_}",
                    f"s={word[-3:]}",
                    f"p={word[:4]}",
                    f"w-={low[place - 1]}",
                    f"w+={low[place + 1]}",
                    f"2-={lemma[place - 2]}",
                    f"2+={lemma[place + 2]}",
                    f"b-={low[place - 1]} {word}",
                    f"b+={word} {low[place + 1]}",
                    f"t3={tag[place - 1]}{tag[place]}{tag[place + 1]}",
                    f"l-+={lemma[place - 1]} {lemma[place + 1]}",
                    f"e={token.ent_type_}",
                    *(["q"] if quoted[token.idx] else []),
                    *shared,
                ],
            )


def _sentence_features(sentence: Sentence, low: list[str]) -> list[str]:
    said = frozenset(low)
    marks = {
        "S:we": not said.isdisjoint(_SPEAKING),
        "S:say": not said.isdisjoint(_SAYING),
        "S:num": bool(sentence.numbers),
        f"S:{sentence.role}": sentence.role != "body",
        "S:spoken": sentence.voice != DOCUMENT_VOICE,
    }
    return [name for name, holds in marks.items() if holds]


def second_columns(document: Document, first: Floats, encoded: Encoded) -> Floats:
    """What the second pass sees, one row a token that is not white space; `first` has its log-odds."""
    kept = list(_kept(document))
    tokens = [document.doc[number] for number, _ in kept]
    number = np.array([token.i for token in tokens], int)
    sentence = np.array([index for _, index in kept], int)
    sentences = len(document.sentences)
    heard = encoded.tokens[number].astype(float)
    said = encoded.sentences[sentence][:, [CLAIM, SCORE, TERMS]].astype(float)
    tags = np.array([[t.tag_.startswith(tag) for tag in _TAGS] for t in tokens], float)
    return np.column_stack(
        [
            _around(first, sentence, sentences),
            _around(heard, sentence, sentences),
            np.full(len(tokens), float(encoded.document[SCORE])),
            said,
            tags.reshape(len(tokens), len(_TAGS)),
            sentence == 0,
        ]
    )


def _around(odds: Floats, sentence: NDArray[np.int_], sentences: int) -> Floats:
    """Log-odds of a token, its neighbours, means of them, its sentence's highest, and its rank in the text."""
    number = len(odds)
    padded = np.concatenate([np.full(_WINDOW, _OUTSIDE), odds, np.full(_WINDOW, _OUTSIDE)])
    window = np.stack([padded[k : k + number] for k in range(2 * _WINDOW + 1)], axis=1)
    near = window[:, 2:5].mean(axis=1)
    triples = np.stack([near, window[:, 3:6].mean(axis=1), window[:, 1:4].mean(axis=1)], axis=1)
    highest = np.full(max(sentences, 1), -9.0)
    np.maximum.at(highest, sentence, odds)
    rank = np.argsort(np.argsort(-near, kind="stable"), kind="stable")
    return np.column_stack(
        [
            window,
            near,
            window[:, 1:6].mean(axis=1),
            triples.max(axis=1),
            highest[sentence],
            odds - highest[sentence],
            np.log(rank / max(number, 1) + 0.002),
        ]
    )


def terms_of(document: Document, probability: Floats, threshold: float) -> list[TaggedTerm]:
    """Runs of tokens from the threshold on, one gap of a token bridged, within a sentence and its marks."""
    kept = list(_kept(document))
    numbers, sentences = [number for number, _ in kept], [index for _, index in kept]
    on = probability > threshold
    on[1:-1] |= on[:-2] & on[2:]
    terms: list[TaggedTerm] = []
    place = 0
    while place < len(numbers):
        if not on[place]:
            place += 1
            continue
        last = place
        while (
            last + 1 < len(numbers)
            and on[last + 1]
            and sentences[last + 1] == sentences[place]
            and document.doc[numbers[last + 1]].text not in _STOPS
        ):
            last += 1
        terms += _trimmed(document, numbers[place : last + 1], probability[place : last + 1])
        place = last + 1
    return terms


def _kept(document: Document) -> Iterator[tuple[int, int]]:
    """Number and sentence of every token that is not white space."""
    for sentence in document.sentences:
        for token in document.tokens(sentence):
            if not token.is_space:
                yield token.i, sentence.index


def _trimmed(document: Document, numbers: list[int], probability: Floats) -> list[TaggedTerm]:
    low = [document.doc[n].lower_ for n in numbers]
    solid = [place for place, word in enumerate(low) if word not in _LOOSE]
    if not solid:
        return []
    first, last = document.doc[numbers[solid[0]]], document.doc[numbers[solid[-1]]]
    return [
        TaggedTerm(
            first.idx,
            last.idx + len(last.text),
            float(probability[solid[0] : solid[-1] + 1].mean()),
        )
    ]
