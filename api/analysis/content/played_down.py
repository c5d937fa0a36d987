"""What a steering text plays down: bad news, or a caution, that it tells late; else who and what it leaves out.

Each phrase can be checked by counting the paragraphs, or by looking for a figure or a quotation.
"""

from collections.abc import Sequence
from typing import Final

from api.analysis.content.news import News, told
from api.analysis.content.summary import is_fit
from api.analysis.models.encoded_document import EncodedDocument
from api.analysis.models.sentence_heads import COLUMN
from api.analysis.text.document import DOCUMENT_VOICE, Document, Sentence
from schemas.assessments import Voice
from schemas.enums import SpinType

CAUTIOUS: Final = 0.3  # chance of a mark "balance"
MAX_WORDS: Final = 28
OWN: Final = 0.9  # share of the sentences
FROM: Final = 3  # the paragraph from which news is late
_PROMISING: Final = frozenset({SpinType.HYPE, SpinType.HALO})
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


def told_late(
    document: EncodedDocument, primary: SpinType, bad: Sequence[News], actor: str | None, subject: str | None
) -> str | None:
    """The bad news, else the plainest caution, with the paragraph in which it stands; None if neither is late."""
    for news in bad:
        if (phrase := _late(document, news)) is not None:
            return phrase
    if primary not in _PROMISING:
        return None
    marks = document.encoded.marks
    cautions = [
        s
        for s in document.body_sentences()
        if marks[s.index, COLUMN["balance"]] >= CAUTIOUS > marks[s.index, COLUMN[primary.value]] and is_fit(s)
    ]
    best = max(
        cautions, key=lambda s: (round(float(marks[s.index, COLUMN["balance"]]), 4), -s.index), default=None
    )
    return None if best is None else _late(document, told(document, [best], actor, subject))


def _late(document: Document, news: News) -> str | None:
    statement = news.plain or news.statement
    place = paragraph_of(document, news.sentence) - FROM
    if statement is None or not 0 <= place < len(_ORDINALS) or len(statement.split()) > MAX_WORDS:
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
