"""Features of the whole text: voice, attribution, figures, style. Each measure lists its places.

A feature's value is ln(1 + places per hundred words or sentences), so the tenth place adds less than the first.
Weights (`weights.json`) may be positive (absolutes) or negative (attribution). The word lists are ours; the
measures follow work on subjectivity and bias (Wiebe and others, 2004; Recasens and others, 2013) and on news,
opinion and promotion (Biber, "Variation across Speech and Writing", 1988).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from math import log1p

from api.analysis.text.document import DOCUMENT_VOICE, Sentence, Text
from api.analysis.text.feature_words import (
    ABSOLUTES,
    COLLECTIVE,
    COMMERCE,
    CONTRAST,
    CRITICISM,
    READER,
    REFERENCE,
    REPORT,
    VALUES,
)
from api.analysis.text.lexicon import Lexicon
from api.analysis.text.signals import Measure, Places

MIN_WORDS = 100  # least divisor: one word in twenty is no style
LONG_SENTENCE = 25  # words


@dataclass(frozen=True, slots=True)
class Feature:
    """`label` describes the count to people; `per_sentence`: the value is per hundred sentences, not words."""

    code: str
    label: str
    places: Callable[[Text], Places]
    per_sentence: bool = False


def measures(document: Text) -> list[Measure]:
    """Every feature of the document, in the order of `FEATURES`."""
    words = max(sum(1 for _ in document.text.split()), MIN_WORDS)
    sentences = max(sum(1 for _ in document.body_sentences()), 1)
    found = [(feature, feature.places(document)) for feature in FEATURES]
    return [
        Measure(f.code, log1p(100 * len(places) / (sentences if f.per_sentence else words)), places)
        for f, places in found
    ]


def _words(lexicon: Lexicon, document: Text) -> Places:
    return list(lexicon.places(document))


def _matching_sentences(test: Callable[[Sentence], bool], document: Text) -> Places:
    return [(s.start, s.end) for s in document.body_sentences() if test(s)]


def _within_sentences(places: Callable[[Sentence], Iterable[tuple[int, int]]], document: Text) -> Places:
    return [place for s in document.body_sentences() for place in places(s)]


def _long(document: Text) -> Places:
    return [(s.start, s.end) for s in document.body_sentences() if len(s.text.split()) > LONG_SENTENCE]


FEATURES = (
    Feature("absolutes", "Words that admit no exception", partial(_words, ABSOLUTES)),
    Feature("collective", "The speaker's own “we”", partial(_words, COLLECTIVE)),
    Feature("commerce", "Vocabulary of selling", partial(_words, COMMERCE)),
    Feature("contrast", "Counter-arguments and other sides", partial(_words, CONTRAST)),
    Feature("criticism", "Words of reproach", partial(_words, CRITICISM)),
    Feature("long_words", "Long words", lambda d: d.long_words()),
    Feature("named_facts", "Names and dates", lambda d: d.names()),
    Feature("reader_address", "Direct address of the reader", partial(_words, READER)),
    Feature("reference_style", "Vocabulary of reference and method", partial(_words, REFERENCE)),
    Feature("report_style", "Vocabulary of reporting", partial(_words, REPORT)),
    Feature("values", "Vocabulary of values", partial(_words, VALUES)),
    Feature(
        "attributed",
        "Sentences with a named source",
        partial(_matching_sentences, lambda s: s.attributed_to is not None),
        per_sentence=True,
    ),
    Feature(
        "exclamations",
        "Exclamations",
        partial(_matching_sentences, lambda s: s.text.endswith("!")),
        per_sentence=True,
    ),
    Feature(
        "figures",
        "Sentences with figures",
        partial(_matching_sentences, lambda s: bool(s.numbers)),
        per_sentence=True,
    ),
    Feature("hedges", "Hedges", partial(_within_sentences, lambda s: s.hedges), per_sentence=True),
    Feature("long_sentences", "Long sentences", _long, per_sentence=True),
    Feature(
        "negations", "Negated sentences", partial(_matching_sentences, lambda s: s.negated), per_sentence=True
    ),
    Feature(
        "questions",
        "Questions",
        partial(_matching_sentences, lambda s: s.text.endswith("?")),
        per_sentence=True,
    ),
    Feature(
        "quoted",
        "Sentences in others' words",
        partial(_matching_sentences, lambda s: s.voice != DOCUMENT_VOICE),
        per_sentence=True,
    ),
)
