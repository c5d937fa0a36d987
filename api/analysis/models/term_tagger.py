"""Which words of a text are loaded: a learned tagger over tokens, in two passes, both logistic.

The first sees a token's form, its lemma, its part of speech and its neighbours (Ratnaparkhi 1996 has the same
kind of features); the second what the first and the sentence encoder say of the token, of the six around it and
of its sentence. Then runs of likely tokens become terms (`term_runs.py`).

It finds what careful readers marked in stories; what they overlook it overlooks as well. The weights
(`term_weights.json`) come from `term_training.py`. Agreement with readers stands on the methodology page.
"""

from collections.abc import Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from api.analysis.models.encoder import CLAIM, MARK_COLUMNS, SCORE, TERMS, Encoded
from api.analysis.models.term_runs import TermWeights, around, probabilities, runs
from api.analysis.text.data_files import data_file
from api.analysis.text.document import DOCUMENT_VOICE, Document, Sentence
from api.analysis.text.signals import TaggedTerm

Floats = NDArray[np.float64]
_TAGS = ("JJ", "RB", "NN", "NNP", "VB", "CD", "IN", "DT")  # beginnings of Penn tags
_SPEAKING = frozenset({"we", "our", "us"})
_SAYING = frozenset({"said", "says", "according", "told"})


@cache
def term_weights() -> TermWeights:
    """The shipped weights."""
    return data_file("models/term_weights.json", TermWeights)


def tagged_terms(document: Document, encoded: Encoded) -> list[TaggedTerm]:
    """The loaded terms in the order of the text; they do not overlap."""
    weights = term_weights()
    first = [
        weights.first_base + sum(weights.first.get(name, 0.0) for name in features)
        for _, features in token_features(document)
    ]
    columns = second_columns(document, np.array(first), encoded)
    return terms_of(document, probabilities(weights, columns), weights.threshold)


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
    tokens = [document.all_tokens[number] for number, _ in kept]
    number = np.array([token.i for token in tokens], int)
    sentence = np.array([index for _, index in kept], int)
    sentences = len(document.sentences)
    heard = encoded.tokens[number].astype(float)
    said = encoded.sentences[sentence][:, [CLAIM, SCORE, TERMS]].astype(float)
    tags = np.array([_tag_columns(t.tag_) for t in tokens], float)
    return np.column_stack(
        [
            around(first, sentence, sentences),
            around(heard, sentence, sentences),
            np.full(len(tokens), float(encoded.document[SCORE])),
            said,
            encoded.sentences[sentence][:, list(MARK_COLUMNS.values())].max(axis=1).astype(float),
            tags.reshape(len(tokens), len(_TAGS)),
            sentence == 0,
        ]
    )


@cache
def _tag_columns(tag: str) -> tuple[bool, ...]:
    return tuple(map(tag.startswith, _TAGS))


def terms_of(document: Document, probability: Floats, threshold: float) -> list[TaggedTerm]:
    """The terms of the tokens that are not white space, where the sentence may steer by their type."""
    kept = list(_kept(document))
    tokens = [document.all_tokens[number] for number, _ in kept]
    found = runs(
        [token.lower_ for token in tokens],
        [(token.idx, token.idx + len(token.text)) for token in tokens],
        [index for _, index in kept],
        probability,
        threshold,
    )
    return [term for term in found if document.reads_as(document.type_at(term.start), term.start)]


def _kept(document: Document) -> Iterator[tuple[int, int]]:
    """Number and sentence of every token that is not white space."""
    for sentence in document.sentences:
        for token in document.tokens(sentence):
            if not token.is_space:
                yield token.i, sentence.index
