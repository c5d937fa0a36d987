"""What a steering text plays down: bad news, or a caution, that it tells late; else who and what it leaves out.

Each phrase can be checked by counting the paragraphs, or by looking for a figure or a quotation.
"""

import re
from collections.abc import Sequence
from itertools import takewhile
from typing import Final

from api.analysis.content.news import News, told
from api.analysis.content.summary import is_fit
from api.analysis.models.encoded_document import EncodedDocument
from api.analysis.models.sentence_heads import COLUMN
from api.analysis.text.document import DOCUMENT_VOICE, Document, Sentence
from schemas.assessments import Voice
from schemas.enums import SpinType

CAUTIOUS: Final = 0.3  # chance of a mark "balance", and worth of words that limit a promise
MAX_TRIED: Final = 3  # cautions, the plainest first
MAX_WORDS: Final = 28
OWN: Final = 0.9  # share of the sentences
FROM: Final = 3  # the paragraph from which news is late
_STRONG: Final = frozenset({SpinType.HYPE, SpinType.HALO, SpinType.STAMPEDE})
# Conditions, costs and limits of a promise; small trials.
_LIMIT = re.compile(
    r"\b(?:subject to (?:\w+ ){0,3}(?:approvals?|conditions|consent)|"
    r"not (?:yet )?(?:been )?(?:evaluated|approved|reviewed|tested|proven|intended|available|included)|"
    r"no (?:assurance|guarantee)|at (?:an )?(?:extra|additional) (?:cost|charge)|sold separately|side effects?|"
    r"false alarms?|did not (?:meet|reach|show)|"
    r"(?:trials?|stud(?:y|ies)|tests?) [^.]{0,40}\b\d{1,3} (?:patients|participants|volunteers|respondents))\b",
    re.IGNORECASE,
)
_ORDINALS: Final = [
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
]


def cautions(
    document: EncodedDocument, primary: SpinType, actor: str | None, subject: str | None
) -> list[News]:
    """The plainest cautions and limits of a text that praises or presses, as news that can be told."""
    if primary not in _STRONG:
        return []
    marks = document.encoded.marks
    caution: dict[int, float] = {}
    for sentence in filter(is_fit, document.body_sentences()):
        limits = _LIMIT.search(sentence.text) is not None
        mark = marks[sentence.index]
        # what itself steers is nothing that the text plays down
        if limits or max(mark[COLUMN[primary.value]], mark[COLUMN["steering"]] - CAUTIOUS) < CAUTIOUS:
            caution[sentence.index] = float(marks[sentence.index, COLUMN["balance"]]) + CAUTIOUS * limits
    cautious = [i for i in caution if caution[i] >= CAUTIOUS]
    best = sorted(cautious, key=lambda i: (-round(caution[i], 4), i))[:MAX_TRIED]
    found = [told(document, [document.sentences[index]], actor, subject) for index in best]
    return [news for news in found if news.statement is not None and news.sentence.index in best]


def told_late(document: EncodedDocument, played_down: Sequence[News]) -> str | None:
    """The first of this bad news, or of these cautions, that is late, with its paragraph; None if none is."""
    return next((phrase for news in played_down if (phrase := _late(document, news)) is not None), None)


def _late(document: Document, news: News) -> str | None:
    statement = news.plain or news.statement
    place = paragraph_of(document, news.sentence) - FROM
    if statement is None or not 0 <= place < len(_ORDINALS) or len(statement.split()) > MAX_WORDS:
        return None
    own = frozenset(document.content_words(news.sentence))
    earlier = takewhile(lambda s: paragraph_of(document, s) < FROM, document.sentences)
    if any(2 * len(own & frozenset(document.content_words(s))) > len(own) for s in earlier):
        return None
    return f"says only in the {_ORDINALS[place]} paragraph that {statement}"


def paragraph_of(document: Document, sentence: Sentence) -> int:
    """The number of the body's paragraph, from one, in which the sentence stands."""
    before = document.text[document.article.body_start : sentence.end]
    return sum(1 for line in before.split("\n") if line.strip())


def left_thin(document: Document, voices: Sequence[Voice]) -> str | None:
    """That the text quotes nobody, gives no figure or nearly always speaks itself; None if none is so."""
    body = list(document.body_sentences())
    quotes = bool(voices) or any(q.statement for q in document.quotations)
    figures = any(s.numbers for s in body)
    if not quotes:
        return "quotes nobody" if figures else "quotes nobody and gives no figure"
    if not figures:
        return "gives no figure"
    own = sum(s.voice == DOCUMENT_VOICE and s.attributed_to is None for s in body)
    return "tells nearly all of it in its own voice" if own >= OWN * len(body) else None
