"""What counts over the whole text: voice, attribution, figures, style. Each measure leads to places.

A feature's value is ln(1 + places per hundred words or sentences), so that the tenth place adds less than
the first. Its weight may be positive (absolutes) or negative (attribution): see `weights.json`. The word
lists are ours; the choice of measures follows work on subjectivity and bias (Wiebe and others, 2004; Recasens
and others, 2013) and on news against opinion and promotion (Biber, "Variation across Speech and Writing",
1988).
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

MIN_WORDS = 100  # a shorter text is measured as if it had that many: one word in twenty is no style
LONG_SENTENCE = 25  # words


@dataclass(frozen=True, slots=True)
class Feature:
    """`label` says what was counted, for people; `per_sentence` that the count is of sentences."""

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


def _those(test: Callable[[Sentence], bool], document: Text) -> Places:
    return [(s.start, s.end) for s in document.body_sentences() if test(s)]


def _each(places: Callable[[Sentence], Iterable[tuple[int, int]]], document: Text) -> Places:
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
        partial(_those, lambda s: s.attributed_to is not None),
        per_sentence=True,
    ),
    Feature(
        "exclamations", "Exclamations", partial(_those, lambda s: s.text.endswith("!")), per_sentence=True
    ),
    Feature(
        "figures", "Sentences with figures", partial(_those, lambda s: bool(s.numbers)), per_sentence=True
    ),
    Feature("hedges", "Hedges", partial(_each, lambda s: s.hedges), per_sentence=True),
    Feature("long_sentences", "Long sentences", _long, per_sentence=True),
    Feature("negations", "Negated sentences", partial(_those, lambda s: s.negated), per_sentence=True),
    Feature("questions", "Questions", partial(_those, lambda s: s.text.endswith("?")), per_sentence=True),
    Feature(
        "quoted",
        "Sentences in others' words",
        partial(_those, lambda s: s.voice != DOCUMENT_VOICE),
        per_sentence=True,
    ),
)
