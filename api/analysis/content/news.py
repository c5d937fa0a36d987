"""The news of a story: the sentence that tells what happened (of an argument: its thesis), and its statement.

A title that states nothing ("Why your bill is changing"), or a sentence that only announces news ("here is an
update"), gives way to the likeliest sentence of the body.

The statement is the sentence as another would report it: in the third person, without dateline, connective,
ceremony ("is thrilled to announce") or asides. A sentence that cannot be turned safely is quoted instead.

Limits: "we" is turned only where the publisher speaks for itself; a headline is always quoted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from api.analysis.content.bad_news import tells_bad_news
from api.analysis.content.key_phrases import core_of
from api.analysis.content.news_choice import LABEL, WHY, happening_kind, news_weights, presupposes, states
from api.analysis.content.statement import FEWEST_WORDS, Statement
from api.analysis.content.statement_cuts import LONGEST
from api.analysis.content.statement_grammar import GLUED, second_clause, subject_of
from api.analysis.content.summary import (
    ABOUT_TEXT,
    DEPENDENT,
    HEADING,
    LOOKS_BACK,
    is_bare_quotation,
    lacks_speaker,
)
from api.analysis.models.encoded_document import EncodedDocument
from api.analysis.models.sentence_heads import COLUMN
from api.analysis.text.boilerplate import is_boilerplate
from api.analysis.text.corrected_negations import is_turned_round
from api.analysis.text.datelines import DATELINE, OF_SHARE
from api.analysis.text.document import DOCUMENT_VOICE, UNNAMED_VOICE, Document, Sentence
from api.analysis.text.names import bare_name, within_sentence
from schemas.assessments import Happening
from schemas.enums import HappeningKind

LOOKED_AT = 12  # sentences of the body searched for the words of a title that tells the news
LIKELY = 0.2  # least chance that such a sentence tells the news
RESTATES = 0.5  # share of a title's content words by which a sentence of the body says the same
NEAR = 0.4  # of the log-odds: a sentence that tells it about as likely
LEAST_RETOLD = 0.4  # of a sentence's words that its statement must have
_BULLET = re.compile(r"[*•·–—-]\s+")
# A sentence that promises news and does not tell it.
_ANNOUNCES = re.compile(
    r"\b(?:here (?:is|are) (?:an?|our|the|some|\w{3,8}) (?:\w+ ){0,2}(?:updates?|steps|tips|news|ways|reasons)|"
    r"(?:provid|shar|giv)(?:e|es|ed|ing) (?:you )?(?:an?|our|some|its|the) (?:\w+ )?"
    r"(?:updates?|commentary|overview|news)|"
    r"(?:important|exciting|big) (?:updates?|news) (?:about|on|to|regarding))\b|"
    r"^(?:hope (?:you|this)|consider|imagine|welcome|you can)\b",
    re.IGNORECASE,
)
_INNER_MARKS = str.maketrans("“”", "‘’")
_COMPANY = re.compile(r"^the (?:[Cc]ompany|firm|startup|start-up|Group) (?=\w+)")
# How a release defines "the Company" in brackets, behind its symbol and short name.
_DEFINED = re.compile(
    r"(?<!\w)([A-Z][\w.&’'-]{0,30}(?: [A-Z][\w.&’'-]{0,30}){0,5})(?:, [A-Z][\w.]{1,4})?(?: \([^()\n]{1,40}\))? ?"
    r"\((?:[^()\n]{1,60} )?[“\"]?(?:[Tt]he |[Oo]ur )[“\"]?(?:[Cc]ompany|Group)[”\"]\)"
)
_COVERED = re.compile(
    r"\b(?i:initiat|updat|resum|maintain|reiterat)\w{1,4} (?:\w{2,6} )?[Cc]overage (?:[Oo]n|[Oo]f) "
    r"([A-Z][\w.&’'-]{0,30}(?: [A-Z][\w.&’'-]{0,30}){0,5})"
)


@dataclass(frozen=True, slots=True)
class News:
    """The sentence that tells the news. `statement` has no closing mark and begins as inside a sentence.

    `statement` is None if the sentence can only be quoted; `quote` is its text in one line, without the closing
    mark. `plain` is the statement without loaded modifiers, if it has any;
    `is_whole` says whether the sentence has a finite verb, and the title states something. `is_told_by` is who
    says it, if the sentence does not name him; the statement names him.
    """

    sentence: Sentence
    statement: str | None
    quote: str
    voice: str
    plain: str | None = None
    is_whole: bool = True
    is_told_by: str | None = None

    @property
    def is_quotable(self) -> bool:
        """Whether the quotation is short enough, and whole."""
        whole = self.quote.count('"') % 2 == 0 and not (
            self.sentence.role != "title" and self.quote.endswith("?")
        )
        return whole and FEWEST_WORDS <= len(self.quote.split()) <= LONGEST


def news_sentences(document: EncodedDocument, happening: Happening | None) -> list[Sentence]:
    """The sentence that tells the news, after the fragment that it continues ("Quillon Inc."), if any.

    For a title it is the sentence near the start of the body that restates it, if any; if it states nothing, or
    only announces news, the likeliest one of the body. [] if it is unknown.
    """
    if happening is None or not happening.spans:
        return []
    sentence = document.sentence_at(happening.spans[0].start)
    if sentence.role == "title":
        sentence = _restated(document, sentence)
    is_thesis = happening.kind is HappeningKind.TREND_OR_ARGUMENT and presupposes(document, sentence)
    is_title = sentence.role == "title" and not is_thesis
    if not states(document, sentence) if is_title else _is_empty(sentence):
        sentence = _told_in_body(document) or sentence
    found = [sentence]
    end = happening.spans[-1].end
    while not document.is_finite(found[-1]) and found[-1].end < end:
        found.append(document.sentences[found[-1].index + 1])
    while (after := _next(document, found[-1])) is not None and _is_cut(found[-1], after):
        found.append(after)
    before = document.sentences[sentence.index - 1] if sentence.index else sentence
    is_part = sentence.index > 0 and before.role != "title" and not document.is_finite(before)
    is_end = sentence.text.startswith("(") or before.text.endswith(".)")  # "Sen. Ida Rem (I-Tn.) called for"
    if is_part and (is_end or _is_cut(before, sentence)):
        found.insert(0, before)
    return found


def _told_in_body(document: EncodedDocument) -> Sentence | None:
    """The likeliest sentence of the body that can stand for the news."""
    weights = document.once(news_weights)
    fit = [
        s
        for s in map(document.sentences.__getitem__, weights)
        if tells(document, s) and not is_bare_quotation(s)
    ]
    return max(fit, key=lambda s: (round(weights[s.index], 4), -s.index), default=None)


def tells(document: Document, sentence: Sentence) -> bool:
    """Whether a sentence of the body can stand for the news."""
    whole = sentence.role != "title" and document.is_finite(sentence) and not _is_empty(sentence)
    alone = DEPENDENT.match(sentence.text) is None and not is_turned_round(document, sentence)
    return whole and alone and not sentence.text.rstrip().endswith("?")


def _is_empty(sentence: Sentence) -> bool:
    """Whether the sentence promises news, or is about the text itself."""
    return any(p.search(sentence.text) is not None for p in (_ANNOUNCES, ABOUT_TEXT))


def _next(document: Document, sentence: Sentence) -> Sentence | None:
    at = sentence.index + 1
    return document.sentences[at] if at < len(document.sentences) else None


def _is_cut(sentence: Sentence, after: Sentence) -> bool:
    """Whether a line break parts the sentence from its continuation `after`."""
    if sentence.role == "title" or not after.text[:1].isalnum():
        return False
    return sentence.text.rstrip()[-1:].isalnum() and (after.text[:1].islower() or after.text[:1].isdigit())


def _restated(document: EncodedDocument, title: Sentence) -> Sentence:
    """The sentence near the start of the body that tells news with most of the title's words, else the title."""
    content = frozenset(document.content_words(title))
    marks = document.encoded.marks[:, COLUMN["news"]]
    best, most = title, max(RESTATES * len(content), 2.0)
    for other in document.sentences[title.index + 1 : title.index + 1 + LOOKED_AT]:
        shared = len(content & frozenset(document.content_words(other)))
        told_in_it = (
            marks[other.index] >= LIKELY and tells(document, other) and not is_boilerplate(other.text)
        )
        if shared > most and told_in_it:
            best, most = other, float(shared)
    return best


def shown_news(
    document: EncodedDocument, sentences: Sequence[Sentence], actor: str | None, subject: str | None
) -> News:
    """The news that these sentences tell; if it can only be quoted, a sentence that can be told may stand for it.

    One is preferred to a sentence that points to another or is about the text; to others only one that is about
    as likely to tell the news. The title of a guide stays, as it names what is taught. Parameters as in `told`.
    """
    news = told(document, sentences, actor, subject)
    is_guide = happening_kind(document) is HappeningKind.HOW_TO_OR_REFERENCE
    if news.statement is not None or (news.sentence.role == "title" and (news.is_whole or is_guide)):
        return news
    last = sentences[-1]
    is_news = last.role == "title" or (DEPENDENT.match(last.text) is None and not _is_about_text(last))
    weights = document.once(news_weights)
    least = max(weights.values(), default=0.0) - NEAR if is_news else -inf
    for index in sorted(weights, key=lambda i: (-round(weights[i], 4), i))[:LOOKED_AT]:
        other = document.sentences[index]
        if weights[index] < least:
            break
        fit = states(document, other) if other.role == "title" else tells(document, other)
        if fit and not _is_about_text(other) and not is_bare_quotation(other):
            one = told(document, [other], actor, subject)
            if one.statement is not None and one.sentence.index == index:
                return one
    return news


def _is_about_text(sentence: Sentence) -> bool:
    return (
        _is_empty(sentence) or is_boilerplate(sentence.text) or LOOKS_BACK.search(sentence.text) is not None
    )


def told(
    document: Document,
    sentences: Sequence[Sentence],
    actor: str | None,
    subject: str | None,
) -> News:
    """The news that these sentences tell, of which the last is whole.

    `actor` is the party for which the whole text speaks, `subject` the name of who acts.
    """
    first, last = sentences[0], sentences[-1]
    start = first.start
    for pattern in (DATELINE, OF_SHARE, _BULLET, LABEL, HEADING):
        if (match := pattern.match(document.text, start, last.end)) is not None:
            start = match.end()
    if last.role == "title" and presupposes(document, last) and (why := WHY.match(last.text)):
        start = last.start + why.end()
    flat = GLUED.split(" ".join(document.text[start : last.end].split()), 1)[0]
    statement = plain = None
    is_statement = states(document, last) or presupposes(document, last)
    can_be_told = last.role != "title" or (is_statement and not _is_headline(flat))
    if can_be_told and last.voice == DOCUMENT_VOICE and not flat.endswith("?"):
        for low, high in ((first.first, last.last), *second_clause(document, last)):
            statement = Statement(document, low, high, start, actor).text()
            plain = statement and Statement(document, low, high, start, actor, plain=True).text()
            if statement:
                break
    if name := document.once(_the_company) or subject:
        statement, plain = (s and _COMPANY.sub(lambda _: f"{name} ", s) for s in (statement, plain))
    if len(flat.split()) > LONGEST and statement is None:
        core = core_of(document, last)
        flat = core if core and not _opens(document.text[first.start : start], core) else flat
    quote = flat.rstrip(" .:").translate(_INNER_MARKS)
    title, points = document.sentences[0], last.voice == DOCUMENT_VOICE and DEPENDENT.match(flat) is not None
    cannot = statement is None and (points or len(quote.split()) > LONGEST)
    if cannot and title.role == "title" != last.role and not is_boilerplate(title.text):
        return told(document, [title], actor, subject)
    voice = document.main_voice(last)
    is_told_by = voice if voice != UNNAMED_VOICE and lacks_speaker(document, last) else None
    if is_told_by is not None:
        source = f"according to {within_sentence(voice)}, "
        statement, plain = (s and f"{source}{s}" for s in (statement, plain))
    return News(
        sentence=last,
        statement=statement,
        quote=quote,
        voice=voice,
        is_told_by=is_told_by,
        plain=plain if plain != statement else None,
        is_whole=_is_statement(document, last) if last.role == "title" else document.is_finite(last),
    )


def _the_company(document: Document) -> str | None:
    """The firm that the text calls "the Company", or that it covers as an analyst."""
    start = document.article.body_start
    found = _DEFINED.search(document.text, start) or _COVERED.search(document.text)
    return within_sentence(bare_name(found[1])) if found is not None else None


def retold(document: Document, sentence: Sentence, actor: str | None, subject: str | None) -> str | None:
    """The sentence as a statement (see `told`); None if it would lose bad news or most of its words."""
    one = told(document, [sentence], actor, subject)
    if one.statement is None or one.sentence.index != sentence.index:
        return None
    loses = tells_bad_news(sentence.text) and not tells_bad_news(one.statement)
    short = len(one.statement.split()) < LEAST_RETOLD * len(one.quote.split())
    return None if loses or short else one.statement


def _opens(dateline: str, clause: str) -> bool:
    """Whether the clause begins with the dateline, whose place the parser takes as the subject."""
    first = clause.split()[0]
    return dateline.startswith(first) or ("…" in clause and first.isupper())


def _is_statement(document: Document, title: Sentence) -> bool:
    """Whether the title states something, if only with a participle: "Tarn man indicted for theft"."""
    root = next((t for t in document.tokens(title) if t.dep_ == "ROOT"), None)
    is_passive = root is not None and root.tag_ == "VBN" and subject_of(root) is not None
    whole = states(document, title) or presupposes(document, title)
    return whole or (is_passive and ": " not in title.text)


def _is_headline(title: str) -> bool:
    """Whether the title is set in capitals, or is a label and a text."""
    long = [word for word in title.split()[1:] if len(word) > 3 and word.isalpha()]
    return 2 * sum(word.islower() for word in long) <= len(long) or ": " in title or "|" in title
