"""The barest fact of the news, for the plain version of a verdict.

Of a text that softens, excuses or blurs it is the bad news; else the sentence of the body that tells the news
with figures and few loaded words, which are not what it says. Its loaded modifiers are left out. A title is used
if the body tells nothing.
"""

import re
from collections.abc import Sequence
from typing import Final

from api.analysis.content.bad_news import SOFTENS, tells_bad_news
from api.analysis.content.loaded_modifiers import boasts
from api.analysis.content.news import News, tells, told
from api.analysis.content.news_choice import news_weights
from api.analysis.models.encoded_document import EncodedDocument
from api.analysis.models.sentence_heads import COLUMN
from api.analysis.text.document import DOCUMENT_VOICE, Sentence
from schemas.enums import SpinType

MAX_WORDS: Final = 42  # of one fact
MAX_OF_TWO: Final = 52
SAME: Final = 0.5  # greatest share of common content words of two facts
MAX_STEERING: Final = 1.6  # strength by which a plain fact may steer
TRIED: Final = 6  # sentences, the best first, of which one must have a statement
# Beside a sentence's weight as the news: less for a unit of steering, more for a figure, and for the news itself.
_STEERS, _FIGURE, _NEWS = 0.9, 0.9, 3.0
# A list behind a colon (not a clause: "it tries something: it sells"), and "this decision".
_LEANS = re.compile(
    r": (?!(?:it|they|there) )|"
    r"\b(?:about|at|by|for|from|in|into|of|on|to|under|with) that \w|"
    r"\b(?:this|these|those) (?!(?:week|month|year|spring|summer|autumn|fall|winter)\b)\w"
)
_CONDITIONS = frozenset({"if", "once", "when", "where", "while", "as", "after", "before", "until", "should"})


def plain_facts(
    document: EncodedDocument,
    kind: SpinType,
    news: News | None,
    bad: Sequence[News],
    actor: str | None,
    subject: str | None,
) -> str | None:
    """The fact as a statement, two if both are bad news; None for a text without a type, or if none can be told.

    `news` tells the news, `bad` the bad news beside it; `actor` and `subject` are as in `told`.
    """
    if kind is SpinType.NONE:
        return None
    told_bad = [news, *bad] if news is not None and tells_bad_news(news.statement) else bad
    if kind in SOFTENS and (facts := bad_facts(document, told_bad)) is not None:
        return facts
    for sentence in _plainest(document, kind, news)[:TRIED]:
        is_news = news is not None and news.sentence.index == sentence.index
        one = news if news and is_news else told(document, [sentence], actor, subject)
        if one.sentence.index == sentence.index and (statement := _statement(one)) is not None:
            return statement
    return _statement(news) if news is not None and not boasts(document, news.sentence) else None


def bad_facts(document: EncodedDocument, bad: Sequence[News]) -> str | None:
    """The first bad news with a statement, and the second if both are short and differ; None without any."""
    facts = [(one, statement) for one in bad if (statement := _statement(one)) is not None]
    if not facts:
        return None
    first = facts[0][1]
    if len(facts) < 2 or len(f"{first} {facts[1][1]}".split()) > MAX_OF_TWO:
        return first
    one, other = (frozenset(document.content_words(news.sentence)) for news, _ in facts[:2])
    same = len(one & other) > SAME * max(1, min(len(one), len(other)))
    return first if same else f"{first}, and {facts[1][1]}"


def _plainest(document: EncodedDocument, kind: SpinType, news: News | None) -> list[Sentence]:
    """The sentences of the body that can tell the news by themselves, the plainest first."""
    weights = document.once(news_weights)
    marks = document.encoded.marks
    column = COLUMN[kind.value]

    def weight(sentence: Sentence) -> float:
        return (
            weights[sentence.index]
            - _STEERS * max(float(marks[sentence.index, column]), 0.0)
            + _FIGURE * bool(sentence.numbers)
            + _NEWS * is_news(sentence)
        )

    def is_news(sentence: Sentence) -> bool:
        return news is not None and news.statement is not None and sentence.index == news.sentence.index

    def is_plain(sentence: Sentence) -> bool:
        steers = marks[sentence.index, COLUMN["steering"]] >= MAX_STEERING
        if is_news(sentence):
            return sentence.role != "title" and not steers and not boasts(document, sentence)
        is_cut = sentence.text.rstrip()[-1:].isalnum()  # by a line break
        return tells(document, sentence) and not is_cut and not steers and not boasts(document, sentence)

    fit = [s for s in map(document.sentences.__getitem__, weights) if s.voice == DOCUMENT_VOICE]
    return sorted(filter(is_plain, fit), key=lambda s: (-round(weight(s), 4), s.index))


def _statement(news: News) -> str | None:
    """The statement without loaded modifiers; None if it is long, a condition, a list, or points back."""
    statement = news.plain or news.statement
    if statement is None or len(statement.split()) > MAX_WORDS or _LEANS.search(statement):
        return None
    return None if statement.split()[0].lower() in _CONDITIONS else statement
