"""The loaded terms of a skimmed text, and their types: a tagger over words, and what each word says of a type.

The tagger is the one of `term_tagger.py` with what is known without a parse: two logistic passes, the first over
a word's form and neighbours, the second over what the first says around it and the wording of the whole text. A
term's type is the one for which the words of its sentence, and of the text, speak most (`wording.py`).

The weights (`fast_terms.json`) come from `api/training/fast_training.py`.
"""

from collections.abc import Iterator
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from api.analysis.engines.fast.skimmed import Skimmed
from api.analysis.models.term_runs import TermWeights, around, probabilities, runs
from api.analysis.models.wording import SCORE, Worded, WordingModel
from api.analysis.text.data_files import data_file
from api.analysis.text.document import DOCUMENT_VOICE, Sentence
from api.analysis.text.signals import TaggedTerm
from schemas.enums import SpinType

Floats = NDArray[np.float64]
TYPES: tuple[SpinType, ...] = tuple(kind for kind in SpinType if kind is not SpinType.NONE)
IDF = 5.0  # of a term, about
OWN_SHARE = 2.0  # of the sentence's own words in a term's type, beside 1 for the text's
_SPEAKING = frozenset({"we", "our", "us"})
_SAYING = frozenset({"said", "says", "according", "told"})


@cache
def term_weights() -> TermWeights:
    """The shipped weights."""
    return data_file("models/fast_terms.json", TermWeights)


def tagged_terms(skimmed: Skimmed, worded: Worded) -> list[TaggedTerm]:
    """The loaded terms in the order of the text; they do not overlap."""
    return terms_of(skimmed, probability_of_words(skimmed, worded), term_weights().threshold)


def probability_of_words(skimmed: Skimmed, worded: Worded) -> Floats:
    """How likely each word is loaded."""
    if not skimmed.words:
        return np.zeros(0)
    first = np.array(_first_odds(skimmed))
    return probabilities(term_weights(), second_columns(skimmed, first, worded))


def _first_odds(skimmed: Skimmed) -> list[float]:
    """The first pass's log-odds: the weights of `word_features`, those of single words looked up once a word."""
    weights = term_weights()
    get = weights.first.get
    odds: list[float] = []
    for sentence in skimmed.sentences:
        low = ["<", "<", *skimmed.words[sentence.first : sentence.last], ">", ">"]
        alone = [_alone(word) for word in low]
        shared = weights.first_base + sum(get(name, 0.0) for name in _sentence_features(skimmed, sentence))
        for place in range(2, len(low) - 2):
            word, before, behind = low[place], low[place - 1], low[place + 1]
            capital = get(_capital(place), 0.0) if _opens_high(skimmed, sentence, place) else 0.0
            odds.append(
                shared
                + capital
                + alone[place][0]
                + alone[place - 1][1]
                + alone[place + 1][2]
                + alone[place - 2][3]
                + alone[place + 2][4]
                + get(f"b-={before} {word}", 0.0)
                + get(f"b+={word} {behind}", 0.0)
                + get(f"w-+={before} {behind}", 0.0)
            )
    return odds


@lru_cache(50_000)  # words; some 10 MB
def _alone(word: str) -> tuple[float, float, float, float, float]:
    """What a word says of itself, of the word behind it, before it, and of those two further."""
    get = term_weights().first.get
    return (
        sum(get(name, 0.0) for name in _own_features(word)),
        get("w-=" + word, 0.0),
        get("w+=" + word, 0.0),
        get("2-=" + word, 0.0),
        get("2+=" + word, 0.0),
    )


def terms_of(skimmed: Skimmed, probability: Floats, threshold: float) -> list[TaggedTerm]:
    """The terms of words with these probabilities."""
    sentences = [s.index for s in skimmed.sentences for _ in range(s.first, s.last)]
    return runs(skimmed.words, skimmed.places, sentences, probability, threshold)


def word_features(skimmed: Skimmed) -> Iterator[list[str]]:
    """The features of every word, in order."""
    for sentence in skimmed.sentences:
        low = ["<", "<", *skimmed.words[sentence.first : sentence.last], ">", ">"]
        shared = _sentence_features(skimmed, sentence)
        for place in range(2, len(low) - 2):
            word, before, behind = low[place], low[place - 1], low[place + 1]
            features = [
                *_own_features(word),
                "w-=" + before,
                "w+=" + behind,
                "2-=" + low[place - 2],
                "2+=" + low[place + 2],
                f"b-={before} {word}",
                f"b+={word} {behind}",
                f"w-+={before} {behind}",
                *shared,
            ]
            if _opens_high(skimmed, sentence, place):
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


def _opens_high(skimmed: Skimmed, sentence: Sentence, place: int) -> bool:
    """Whether the word at `place`, counted from 2 for a sentence's first, begins with a capital."""
    return skimmed.text[skimmed.places[sentence.first + place - 2][0]].isupper()


def _capital(place: int) -> str:
    return "C" if place > 2 else "c"  # a sentence's first word has one by custom


def second_columns(skimmed: Skimmed, first: Floats, worded: Worded) -> Floats:
    """What the second pass sees, one row a word; `first` has its log-odds."""
    lengths = [s.last - s.first for s in skimmed.sentences]
    sentence = np.repeat(np.arange(len(lengths)), lengths)
    said = worded.outputs[SCORE]
    return np.column_stack(
        [
            around(first, sentence, len(lengths)),
            np.full(len(first), said),
            np.full(len(first), np.sort(first)[-max(len(first) // 20, 1) :].mean()),
            sentence == 0,
        ]
    )


def leanings(skimmed: Skimmed, model: WordingModel, worded: Worded) -> tuple[dict[SpinType, float], ...]:
    """For each sentence how much its words, and those of the whole text, speak for each type."""
    columns = [0, *(1 + model.outputs.index(kind.value) for kind in TYPES)]
    rows = np.array([model.terms[term] for term in worded.places])
    terms = rows.reshape(len(worded.places), 1 + len(model.outputs))[:, columns]
    times = [len(places) for places in worded.places.values()]
    said = np.repeat(terms[:, :1] * terms[:, 1:], times, axis=0)
    starts = [start for places in worded.places.values() for start, _ in places]
    sentence = np.searchsorted([s.start for s in skimmed.sentences], starts, side="right") - 1
    own = np.zeros((len(skimmed.sentences), len(TYPES)))
    np.add.at(own, sentence, said)
    known = np.bincount(sentence, minlength=len(own))
    own /= np.sqrt(np.maximum(known, 1))[:, None] * IDF
    whole = np.array([worded.outputs[kind.value] for kind in TYPES])
    return tuple(dict(zip(TYPES, row, strict=True)) for row in (whole + OWN_SHARE * own).tolist())
