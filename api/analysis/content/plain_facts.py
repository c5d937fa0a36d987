"""The barest fact of the news, for the plain version of a verdict.

Of a text that softens, excuses or blurs it is the bad news, behind the news if that tells a deed in figures; else
the sentence of the body that tells the news with figures and few loaded words, which are not what it says. Its
loaded modifiers are left out. A title is used if the body tells nothing.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from api.analysis.content.bad_news import SOFTENS, tells_bad_news
from api.analysis.content.loaded_modifiers import boasts
from api.analysis.content.news import News, tells, told
from api.analysis.content.news_choice import news_weights
from api.analysis.content.statement_grammar import hanging
from api.analysis.models.encoded_document import EncodedDocument
from api.analysis.models.sentence_heads import COLUMN
from api.analysis.text.document import DOCUMENT_VOICE, Sentence
from schemas.enums import SpinType

MAX_WORDS: Final = 42  # of one fact
MAX_OF_TWO: Final = 52
SAME: Final = 0.5  # greatest share of common content words of two facts
MAX_STEERING: Final = 1.6  # strength by which a plain fact may steer
NEAR: Final = 1.8  # of the log-odds below the likeliest sentence of the body, for one without figure and name
TRIED: Final = 6  # sentences, the best first, of which one must have a statement
# Beside a sentence's weight as the news: less for a unit of steering, for loaded words and if a text is issued,
# more for a figure, and for the news itself.
_STEERS, _FIGURE, _NEWS, _LOADED, MAX_LOADED, _EMPTY = 0.9, 0.9, 3.0, 1.8, 2, 3.6
# A list that is to come, not a clause behind a colon: "it tries something: it sells".
_LISTS = re.compile(r": (?!(?:it|they|there) )|\bthe following\b")
# That a text is issued, which is no deed.
_OF_TEXT = re.compile(
    r"\b(?:issu|publish|releas|fil|provid|giv|shar|announc)(?:es|e|ed|s) (?:[\w-]{1,20} ){0,4}"
    r"(?:updates?|statement|reports?|results|letter|financials|commentary)\b|"
    r"\bupdate[sd]? (?:[\w-]{1,20} ){0,2}(?:shareholders|stockholders|investors|coverage)\b",
    re.IGNORECASE,
)
_NAMED = frozenset({"ORG", "PERSON", "GPE", "PRODUCT"})
_CONDITIONS = frozenset({"if", "once", "when", "where", "while", "as", "after", "before", "until", "should"})


def plain_facts(
    document: EncodedDocument,
    kind: SpinType,
    news: News | None,
    bad: Sequence[News],
    actor: str | None,
    subject: str | None,
    loaded: Iterable[tuple[int, int]] = (),
) -> str | None:
    """The fact as a statement, two if both are bad news; None for a text without a type, or if none can be told.

    `news` tells the news, `bad` the bad news beside it; `actor` and `subject` are as in `told`. `loaded`
    are the places of loaded words of the type.
    """
    if kind is SpinType.NONE:
        return None
    if news is not None and _hangs(document, news):
        news = None
    told_bad = list(bad)
    if news is not None and tells_bad_news(news.statement):
        told_bad = [news, *bad]
    elif news is not None and bad and _is_deed(document, news):
        told_bad = [bad[0], news]
    if kind in SOFTENS and (facts := bad_facts(document, told_bad)) is not None:
        return facts
    for sentence in _plainest(document, kind, news, loaded)[:TRIED]:
        is_news = news is not None and news.sentence.index == sentence.index
        one = news if news and is_news else told(document, [sentence], actor, subject)
        if one.sentence.index != sentence.index or _hangs(document, one):
            continue
        if (statement := _statement(one)) is not None:
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


def _plainest(
    document: EncodedDocument, kind: SpinType, news: News | None, loaded: Iterable[tuple[int, int]]
) -> list[Sentence]:
    """The sentences of the body that can tell the news by themselves, the plainest first."""
    weights = document.once(news_weights)
    marks = document.encoded.marks
    column = COLUMN[kind.value]
    words_in = Counter(document.sentence_at(start).index for start, _ in loaded)

    def weight(sentence: Sentence) -> float:
        return (
            weights[sentence.index]
            - _STEERS * max(float(marks[sentence.index, column]), 0.0)
            - _LOADED * min(words_in[sentence.index], MAX_LOADED)
            - _EMPTY * (_OF_TEXT.search(sentence.text) is not None)
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

    of_body = [document.sentences[i] for i in weights if document.sentences[i].role != "title"]
    least = max((weights[s.index] for s in of_body), default=0.0) - NEAR
    fit = [s for s in map(document.sentences.__getitem__, weights) if s.voice == DOCUMENT_VOICE]
    fit = [s for s in fit if weights[s.index] >= least or is_news(s) or _names(document, s)]
    return sorted(filter(is_plain, fit), key=lambda s: (-round(weight(s), 4), s.index))


def _names(document: EncodedDocument, sentence: Sentence) -> bool:
    """Whether the sentence has a figure or the name of a party or place."""
    return bool(sentence.numbers) or any(t.ent_type_ in _NAMED for t in document.tokens(sentence))


def _is_deed(document: EncodedDocument, news: News) -> bool:
    """Whether a sentence of the body tells the news with figures, and does more than to issue a text."""
    return (
        bool(news.sentence.numbers)
        and news.sentence.role != "title"
        and not boasts(document, news.sentence)
        and _OF_TEXT.search(news.statement or "") is None
    )


def _hangs(document: EncodedDocument, news: News) -> bool:
    """Whether a word that is left in the statement stands for something that only another sentence names."""
    left = news.plain or news.statement or ""
    found = hanging(document, news.sentence)
    return any(t.doc[t.i : t.i + 2].text in left or left.endswith(f" {t.text}") for t in found)


def _statement(news: News) -> str | None:
    """The statement without loaded modifiers; None if it is long, a condition, a list, or points back."""
    statement = news.plain or news.statement
    if statement is None or len(statement.split()) > MAX_WORDS or _LISTS.search(statement):
        return None
    return None if statement.split()[0].lower() in _CONDITIONS else statement
