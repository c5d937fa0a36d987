"""How likely each sentence tells the news: a conditional logit over its marks, place and form.

`news_training.py` fits `models/news.json` to the sentences that readers named (McFadden 1974: one of a set is
chosen, by linear weights of its measures). A title that states nothing cannot tell the news; that of an argument
needs only a finite verb.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from math import log, log1p
from typing import Final

from msgspec import Struct

from api.analysis.models.document_heads import KINDS
from api.analysis.models.encoded_document import EncodedDocument
from api.analysis.models.sentence_heads import COLUMN
from api.analysis.text.boilerplate import is_boilerplate
from api.analysis.text.corrected_negations import is_turned_round
from api.analysis.text.data_files import data_file
from api.analysis.text.document import Sentence, Text
from schemas.enums import HappeningKind

SHORT: Final = 8  # words
_LATE: Final = 10  # sentences of the body before it
_LEAST_MARK: Final = 0.02  # of the news, whose logarithm is taken
_QUOTES: Final = '“”"'
_NOW: Final = re.compile(
    r"\b(?:today|yesterday|tonight|effective|recently|just|new|has been|(?:is|are) now|now available|"
    r"this (?:week|month|morning|afternoon)|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b",
    re.IGNORECASE,
)
LABEL = re.compile(
    r"(?:guest (?:post|column|essay)|opinion|comment|commentary|analysis|op-ed|editorial|news|update|release): ",
    re.IGNORECASE,
)
WHY = re.compile(r"why (?=\w)|how (?=[^:]{1,80}? can \w)", re.IGNORECASE)
# What follows "why" in a question, and in one without a subject: "Why bother".
_INVERTED = re.compile(
    r"(?:am|is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|must|might|not|bother|to)\b",
    re.IGNORECASE,
)
# Not one that is aimed at: "by 2050".
_YEAR = re.compile(r"(?<!by )(?<!until )(?<!through )\b(?:19|20)\d\d\b")
_NO_STATEMENT = re.compile(
    r"(?:why|how|what|where|when|who|inside|meet|introducing)\b|[^:]{1,80}: ", re.IGNORECASE
)


class NewsModel(Struct, frozen=True, forbid_unknown_fields=True):
    """What each measure adds to the log-odds that a reader names the sentence, by a unit of it."""

    weights: dict[str, float]


def happening_kind(document: EncodedDocument) -> HappeningKind:
    """The likeliest kind."""
    values = document.values.kinds
    return max(KINDS, key=lambda kind: (values[kind], kind))


def news_weights(document: EncodedDocument) -> dict[int, float]:
    """The log-odds that a reader names each sentence as the news, by its index, up to a term that all share."""
    weights = _model().weights
    return {
        index: sum(weights[name] * value for name, value in measures.items())
        for index, measures in news_measures(document)
    }


def news_measures(document: EncodedDocument) -> Iterator[tuple[int, dict[str, float]]]:
    """The index and the measures of each sentence that can tell the news."""
    encoded = document.encoded
    readable = [s for s in document.sentences if encoded.read[s.index] and not is_boilerplate(s.text)]
    argues = happening_kind(document) is HappeningKind.TREND_OR_ARGUMENT

    def can_tell(sentence: Sentence) -> bool:
        if sentence.role != "title":
            return not sentence.text.rstrip().endswith("?") and not is_turned_round(document, sentence)
        return document.is_finite(sentence) if argues else states(document, sentence)

    candidates = [s for s in readable if can_tell(s)] or readable
    title = next((frozenset(document.content_words(s)) for s in readable if s.role == "title"), frozenset())
    first = next((s.index for s in document.sentences if s.role != "title"), 0)
    spread = Counter(w for s in document.sentences for w in frozenset(document.content_words(s)))
    for sentence in candidates:
        mark = encoded.marks[sentence.index]
        news, is_title = float(mark[COLUMN["news"]]), sentence.role == "title"
        words, content = len(sentence.text.split()), frozenset(document.content_words(sentence))
        log_news = log(max(news, _LEAST_MARK))
        yield (
            sentence.index,
            {
                "news": news,
                "log_news": log_news,
                "log_news_of_an_argument": log_news * argues,
                "claim": float(mark[COLUMN["claim"]]),
                "title": float(is_title),
                "repeats_the_title": 0.0 if is_title else len(title & content) / max(len(title), 1),
                "central": sum(log(spread[word]) for word in content) / max(len(content), 1),
                "lead": float(sentence.role == "lead"),
                "late": float(sentence.index - first >= _LATE and not is_title),
                "opens_paragraph": float(_opens_paragraph(document, sentence)),
                "finite": float(document.is_finite(sentence)),
                "progressive": float(_is_progressive(document, sentence)),
                "background": float(_is_background(document, sentence)),
                "now": float(_NOW.search(sentence.text) is not None),
                "figures_of_an_argument": float(bool(sentence.numbers) and argues),
                "quotes": float(not is_title and any(mark in sentence.text for mark in _QUOTES)),
                "length": log1p(words),
                "short": float(words < SHORT),
            },
        )


@cache
def _model() -> NewsModel:
    return data_file("models/news.json", NewsModel)


def states(document: Text, title: Sentence) -> bool:
    """Whether the title states something, after a label such as "Opinion:"."""
    label = LABEL.match(title.text)
    text = title.text[label.end() :] if label else title.text
    is_question = text.rstrip().endswith("?")
    return document.is_finite(title) and not is_question and _NO_STATEMENT.match(text) is None


def presupposes(document: Text, title: Sentence) -> bool:
    """Whether the title takes its thesis as given: "Why pumps matter", "How pumps can save water"."""
    match = WHY.match(title.text)
    if match is None or title.text.rstrip().endswith("?") or not document.is_finite(title):
        return False
    return _INVERTED.match(title.text, match.end()) is None


def _is_background(document: EncodedDocument, sentence: Sentence) -> bool:
    """Whether it names only years well before the latest of the text."""
    if sentence.role == "title":
        return False
    years = _YEAR.findall(sentence.text)
    return bool(years) and int(max(years)) < document.once(_latest_year) - 1


def _latest_year(document: Text) -> int:
    return max(map(int, _YEAR.findall(document.text)), default=0)


def _opens_paragraph(document: Text, sentence: Sentence) -> bool:
    before = document.sentences[max(sentence.index - 1, 0)]
    return sentence.role != "title" and "\n" in document.text[before.end : sentence.start]


def _is_progressive(document: EncodedDocument, sentence: Sentence) -> bool:
    """Whether its main verb is a present progressive: "we are announcing"."""
    verb = next((t for t in document.tokens(sentence) if t.dep_ == "ROOT"), None)
    return (
        sentence.role != "title"
        and verb is not None
        and verb.tag_ == "VBG"
        and any(c.dep_ == "aux" and c.tag_ in ("VBZ", "VBP") and c.lemma_ == "be" for c in verb.children)
    )
