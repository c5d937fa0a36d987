"""How likely each sentence tells the news: a conditional logit over its marks, place and form.

`news_training.py` fits `models/news.json` to the sentences that readers named (McFadden 1974: one of a set is
chosen, by linear weights of its measures). A title that states nothing cannot tell the news; that of an argument
needs only a finite verb.
"""

import re
from collections.abc import Iterator
from functools import cache
from math import log1p
from typing import Final

from msgspec import Struct

from api.analysis.content.summary import ABOUT_TEXT, DEPENDENT
from api.analysis.models.document_heads import KINDS
from api.analysis.models.encoded_document import EncodedDocument
from api.analysis.models.sentence_heads import COLUMN
from api.analysis.text.boilerplate import is_boilerplate
from api.analysis.text.corrected_negations import is_turned_round
from api.analysis.text.data_files import data_file
from api.analysis.text.document import DOCUMENT_VOICE, Sentence, Text
from schemas.enums import HappeningKind

SHORT, LONG = 8, 40  # words
_OPENING: Final = 5  # words in which a phrase before the subject points to another sentence
_POINTS: Final = frozenset({"this", "that", "these", "those", "it", "them"})
LABEL = re.compile(
    r"(?:guest (?:post|column|essay)|opinion|comment|commentary|analysis|op-ed|editorial|news|update|release): ",
    re.IGNORECASE,
)
_NO_STATEMENT = re.compile(
    r"(?:why|how|what|where|when|who|inside|meet|introducing)\b|[^:]{1,80}: ", re.IGNORECASE
)


class NewsModel(Struct, frozen=True, forbid_unknown_fields=True):
    """The weight of each measure, in units of the mark of the news."""

    weights: dict[str, float]


def happening_kind(document: EncodedDocument) -> HappeningKind:
    """The likeliest kind."""
    values = document.values.kinds
    return max(KINDS, key=lambda kind: (values[kind], kind))


def news_weights(document: EncodedDocument) -> dict[int, float]:
    """How likely each sentence tells the news, by its index, in units of the mark of the news."""
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
            return not is_turned_round(document, sentence)
        return document.is_finite(sentence) if argues else states(document, sentence)

    candidates = [s for s in readable if can_tell(s)] or readable
    title = next((frozenset(document.content_words(s)) for s in readable if s.role == "title"), frozenset())
    first = next((s.index for s in document.sentences if s.role != "title"), 0)
    for sentence in candidates:
        mark = encoded.marks[sentence.index]
        news, claim = float(mark[COLUMN["news"]]), float(mark[COLUMN["claim"]])
        is_title, place, words = sentence.role == "title", sentence.index - first, len(sentence.text.split())
        shared = len(title & frozenset(document.content_words(sentence))) / max(len(title), 1)
        yield (
            sentence.index,
            {
                "news": news,
                "claim": claim,
                "news_of_an_argument": news * argues,
                "claim_of_an_argument": claim * argues,
                "title": float(is_title),
                "title_of_an_argument": is_title * argues,
                "news_of_a_title": is_title * news,
                "repeats_the_title": 0.0 if is_title else shared,
                "near_the_start": 0.0 if is_title else 1 / (1 + place),
                "first": float(place == 0),
                "place": place / len(document.sentences),
                "lead": float(sentence.role == "lead"),
                "spoken": float(sentence.voice != DOCUMENT_VOICE),
                "finite": float(document.is_finite(sentence)),
                "flaws": 0.0 if is_title else float(_flaws(document, sentence)),
                "length": log1p(words),
                "short": float(words < SHORT),
                "long": float(words > LONG),
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


def _flaws(document: EncodedDocument, sentence: Sentence) -> int:
    """In how many ways a sentence of the body fails to stand by itself.

    It points to the one before it, has no finite verb, is a question or part of one that a line break cut, or is
    about the text itself.
    """
    text, before = sentence.text, document.sentences[max(sentence.index - 1, 0)]
    opening = [word.lower().strip(",") for word in text.split()[:_OPENING]]
    points = opening[0] in ("to", "for", "with", "in", "as", "from", "by") and not _POINTS.isdisjoint(opening)
    return (
        (points or DEPENDENT.match(text) is not None)
        + (not document.is_finite(sentence))
        + text.rstrip().endswith("?")
        + (text[:1].islower() and before.text.rstrip()[-1:] not in ".!?")
        + (ABOUT_TEXT.search(text) is not None)
    )
