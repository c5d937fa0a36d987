"""The loaded terms of a skimmed text, and the leaning of its sentences to the types.

The tagger is `term_tagger.py` without a parse: two logistic passes, the first over a word's form and
neighbours, the second over the first's results around it and the wording of the whole text. A term's type is
the one that the words of its sentence and of the text indicate most (`wording.py`).
`api/training/fast_training.py` fits `fast_terms.json`.
"""

from collections.abc import Iterator
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from api.analysis.engines.fast.skimmed import Skimmed
from api.analysis.models.term_runs import TermWeights, around, probabilities, runs
from api.analysis.models.wording import SCORE, WordingModel, WordingResult
from api.analysis.text.data_files import data_file
from api.analysis.text.document import DOCUMENT_VOICE, Sentence
from api.analysis.text.signals import TaggedTerm
from schemas.enums import SpinType

Floats = NDArray[np.float64]
TYPES: tuple[SpinType, ...] = tuple(kind for kind in SpinType if kind is not SpinType.NONE)
IDF = 5.0  # typical of a term
OWN_SHARE = 2.0  # weight of the sentence's words in a term's type; the text's have 1
_SPEAKING = frozenset({"we", "our", "us"})
_SAYING = frozenset({"said", "says", "according", "told"})


@cache
def term_weights() -> TermWeights:
    """The shipped weights."""
    return data_file("models/fast_terms.json", TermWeights)


def tagged_terms(skimmed: Skimmed, worded: WordingResult) -> list[TaggedTerm]:
    """The loaded terms in the order of the text, without overlaps."""
    return terms_of(skimmed, probability_of_words(skimmed, worded), term_weights().threshold)


def probability_of_words(skimmed: Skimmed, worded: WordingResult) -> Floats:
    """The probability that each word is loaded."""
    if not skimmed.words:
        return np.zeros(0)
    first = np.array(_first_odds(skimmed))
    return probabilities(term_weights(), second_columns(skimmed, first, worded))


def _first_odds(skimmed: Skimmed) -> list[float]:
    """Log-odds of the first pass over `word_features`; weights of single words are cached."""
    weights = term_weights()
    get = weights.first.get
    odds: list[float] = []
    for sentence in skimmed.sentences:
        padded = ["<", "<", *skimmed.words[sentence.first : sentence.last], ">", ">"]
        word_weights = [_word_weights(word) for word in padded]
        shared = weights.first_base + sum(get(name, 0.0) for name in _sentence_features(skimmed, sentence))
        for place in range(2, len(padded) - 2):
            word, before, after = padded[place], padded[place - 1], padded[place + 1]
            capital = get(_capital(place), 0.0) if _is_capitalised(skimmed, sentence, place) else 0.0
            odds.append(
                shared
                + capital
                + word_weights[place][0]
                + word_weights[place - 1][1]
                + word_weights[place + 1][2]
                + word_weights[place - 2][3]
                + word_weights[place + 2][4]
                + get(f"b-={before} {word}", 0.0)
                + get(f"b+={word} {after}", 0.0)
                + get(f"w-+={before} {after}", 0.0)
            )
    return odds


@lru_cache(50_000)  # words; some 10 MB
def _word_weights(word: str) -> tuple[float, float, float, float, float]:
    """Weights of a word for itself, for the word after it, the one before it, and those two away."""
    get = term_weights().first.get
    return (
        sum(get(name, 0.0) for name in _own_features(word)),
        get("w-=" + word, 0.0),
        get("w+=" + word, 0.0),
        get("2-=" + word, 0.0),
        get("2+=" + word, 0.0),
    )


def terms_of(skimmed: Skimmed, probability: Floats, threshold: float) -> list[TaggedTerm]:
    """The terms formed by words with these probabilities."""
    sentences = [s.index for s in skimmed.sentences for _ in range(s.first, s.last)]
    return runs(skimmed.words, skimmed.places, sentences, probability, threshold)


def word_features(skimmed: Skimmed) -> Iterator[list[str]]:
    """The features of every word, in order."""
    for sentence in skimmed.sentences:
        padded = ["<", "<", *skimmed.words[sentence.first : sentence.last], ">", ">"]
        shared = _sentence_features(skimmed, sentence)
        for place in range(2, len(padded) - 2):
            word, before, after = padded[place], padded[place - 1], padded[place + 1]
            features = [
                *_own_features(word),
                "w-=" + before,
                "w+=" + after,
                "2-=" + padded[place - 2],
                "2+=" + padded[place + 2],
                f"b-={before} {word}",
                f"b+={word} {after}",
                f"w-+={before} {after}",
                *shared,
            ]
            if _is_capitalised(skimmed, sentence, place):
                features.append(_capital(place))
            yield features


def _own_features(word: str) -> tuple[str, ...]:
    return ("w=" + word, "s=" + word[-3:], "p=" + word[:4])


def _sentence_features(skimmed: Skimmed, sentence: Sentence) -> list[str]:
    own = skimmed.words[sentence.first : sentence.last]
    shared = ["S:" + sentence.role]
    if sentence.voice != DOCUMENT_VOICE:
        shared.append("S:spoken")
    if not _SPEAKING.isdisjoint(own):
        shared.append("S:we")
    if not _SAYING.isdisjoint(own):
        shared.append("S:say")
    if sentence.numbers:
        shared.append("S:num")
    return shared


def _is_capitalised(skimmed: Skimmed, sentence: Sentence, place: int) -> bool:
    """Whether the word at `place`, 2 for a sentence's first, is capitalised."""
    return skimmed.text[skimmed.places[sentence.first + place - 2][0]].isupper()


def _capital(place: int) -> str:
    return "C" if place > 2 else "c"  # a sentence's first word always has one


def second_columns(skimmed: Skimmed, first: Floats, worded: WordingResult) -> Floats:
    """The second pass's features, one row per word; `first` are the first pass's log-odds."""
    lengths = [s.last - s.first for s in skimmed.sentences]
    sentence = np.repeat(np.arange(len(lengths)), lengths)
    wording_score = worded.outputs[SCORE]
    return np.column_stack(
        [
            around(first, sentence, len(lengths)),
            np.full(len(first), wording_score),
            np.full(len(first), np.sort(first)[-max(len(first) // 20, 1) :].mean()),
            sentence == 0,
        ]
    )


def leanings(
    skimmed: Skimmed, model: WordingModel, worded: WordingResult
) -> tuple[dict[SpinType, float], ...]:
    """For each sentence how much its words, and those of the whole text, indicate each type."""
    columns = [0, *(1 + model.outputs.index(kind.value) for kind in TYPES)]
    rows = np.array([model.terms[term] for term in worded.places])
    terms = rows.reshape(len(worded.places), 1 + len(model.outputs))[:, columns]
    times = [len(places) for places in worded.places.values()]
    contributions = np.repeat(terms[:, :1] * terms[:, 1:], times, axis=0)
    starts = [start for places in worded.places.values() for start, _ in places]
    sentence = np.searchsorted([s.start for s in skimmed.sentences], starts, side="right") - 1
    sentence_leanings = np.zeros((len(skimmed.sentences), len(TYPES)))
    np.add.at(sentence_leanings, sentence, contributions)
    known_terms = np.bincount(sentence, minlength=len(sentence_leanings))
    sentence_leanings /= np.sqrt(np.maximum(known_terms, 1))[:, None] * IDF
    text_leanings = np.array([worded.outputs[kind.value] for kind in TYPES])
    return tuple(
        dict(zip(TYPES, row, strict=True)) for row in (text_leanings + OWN_SHARE * sentence_leanings).tolist()
    )
