"""Tagger of loaded terms: two logistic passes over tokens.

The first reads a token's form, lemma, part of speech and neighbours (features as in Ratnaparkhi 1996); the
second the outputs of the first and of the sentence encoder for the token, the six around it and its sentence.
Runs of likely tokens become terms (`term_runs.py`).

It learned from readers' marks and misses what they overlook. The weights (`term_weights.json`) come from
`term_training.py`; the methodology page states its agreement with readers.
"""

from collections.abc import Iterator
from functools import cache
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from api.analysis.models.encoder import CLAIM, MARK_COLUMNS, SCORE, TERMS, Encoded
from api.analysis.models.term_runs import TermWeights, around, probabilities, runs
from api.analysis.text.data_files import data_file
from api.analysis.text.document import DOCUMENT_VOICE, Document, Sentence
from api.analysis.text.signals import TaggedTerm

Floats = NDArray[np.float64]
_TAGS = ("JJ", "RB", "NN", "NNP", "VB", "CD", "IN", "DT")  # prefixes of Penn tags
_SPEAKING = frozenset({"we", "our", "us"})
_SAYING = frozenset({"said", "says", "according", "told"})


@cache
def term_weights() -> TermWeights:
    """The shipped weights."""
    return data_file("models/term_weights.json", TermWeights)


def tagged_terms(document: Document, encoded: Encoded) -> list[TaggedTerm]:
    """The loaded terms in text order, without overlaps."""
    weights = term_weights()
    first = [
        weights.first_base + sum(map(weights.first.get, features, repeat(0.0)))
        for _, features in token_features(document)
    ]
    columns = second_columns(document, np.array(first), encoded)
    return terms_of(document, probabilities(weights, columns), weights.threshold)


def token_features(document: Document) -> Iterator[tuple[int, list[str]]]:
    """The number and the features of every token except white space, in order."""
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
    present = frozenset(low)
    marks = {
        "S:we": not present.isdisjoint(_SPEAKING),
        "S:say": not present.isdisjoint(_SAYING),
        "S:num": bool(sentence.numbers),
        f"S:{sentence.role}": sentence.role != "body",
        "S:spoken": sentence.voice != DOCUMENT_VOICE,
    }
    return [name for name, applies in marks.items() if applies]


def second_columns(document: Document, first: Floats, encoded: Encoded) -> Floats:
    """The second pass's inputs, one row for each token except white space; `first` are the first's log-odds."""
    numbered = list(_non_space(document))
    tokens = [document.all_tokens[number] for number, _ in numbered]
    number = np.array([token.i for token in tokens], int)
    sentence = np.array([index for _, index in numbered], int)
    sentences = len(document.sentences)
    token_odds = encoded.tokens[number].astype(float)
    sentence_outputs = encoded.sentences[sentence][:, [CLAIM, SCORE, TERMS]].astype(float)
    tags = np.array([_tag_columns(t.tag_) for t in tokens], float)
    return np.column_stack(
        [
            around(first, sentence, sentences),
            around(token_odds, sentence, sentences),
            np.full(len(tokens), float(encoded.document[SCORE])),
            sentence_outputs,
            encoded.sentences[sentence][:, list(MARK_COLUMNS.values())].max(axis=1).astype(float),
            tags.reshape(len(tokens), len(_TAGS)),
            sentence == 0,
        ]
    )


@cache
def _tag_columns(tag: str) -> tuple[bool, ...]:
    return tuple(map(tag.startswith, _TAGS))


def terms_of(document: Document, probability: Floats, threshold: float) -> list[TaggedTerm]:
    """The terms of the tokens except white space, if the sentence may steer by their type."""
    numbered = list(_non_space(document))
    tokens = [document.all_tokens[number] for number, _ in numbered]
    found = runs(
        [token.lower_ for token in tokens],
        [(token.idx, token.idx + len(token.text)) for token in tokens],
        [index for _, index in numbered],
        probability,
        threshold,
    )
    return [term for term in found if document.may_steer_by(document.type_at(term.start), term.start)]


def _non_space(document: Document) -> Iterator[tuple[int, int]]:
    """Number and sentence of every token except white space."""
    for sentence in document.sentences:
        for token in document.tokens(sentence):
            if not token.is_space:
                yield token.i, sentence.index
