"""Whether a sentence answers a question, and which of its words do.

A question of the text itself is answered by the next sentence only if that speaks of the same thing; one after
another is not. What happened is told by a sentence that makes sense alone and names an act, for some kinds one of
their own: a finding, a person, a thesis. Background ("had sold", "previously") answers nothing.

Limits: English phrases; a sentence may speak of the same thing and still not answer.
"""

import re
from typing import TYPE_CHECKING, Final

from api.analysis.content.figure_statements import closes_statement, counted_noun, statement_around
from api.analysis.content.searchable import search_form
from api.analysis.content.summary import DEPENDENT, lacks_speaker
from api.analysis.text.datelines import DATELINE, dateline_of
from api.analysis.text.document import DOCUMENT_VOICE, Document, Sentence
from schemas.enums import HappeningKind

if TYPE_CHECKING:
    from spacy.tokens import Token

MAX_WORDS: Final = 32  # of an answer; a longer one loses its last clauses
MIN_WORDS: Final = 8
STEM: Final = 5  # letters
_CONNECTS = re.compile(
    r"Summary: |(?:As a (?:result|consequence)(?: of [^,.]{1,60})?|As part of th(?:is|ese) \w+|"
    r"In addition|However|Additionally|Furthermore|Moreover|"
    r"Meanwhile|Therefore|Importantly|In short|At the same time), "
)
_DATED = re.compile(
    r"\W*this (?:week|month|year|quarter|morning|spring|summer|autumn|fall|winter)\b", re.IGNORECASE
)
_GLUED = re.compile(r"[a-z]{3}(?:According|With|The|In|As|We|Our|This|For|To|By)\b")
_BEFORE = re.compile(
    r"\b(?:previously(?! (?:announced|reported|disclosed))|formerly|years? (?:ago|earlier|before)|in the past|"
    r"at the time)\b",
    re.IGNORECASE,
)
_REPORTS = re.compile(
    r"\b(?:stud(?:y|ies)|survey\w*|poll\w*|reports?|reported|research\w*|found|finds?|findings?|show(?:s|ed|n)?|reveal\w*|"
    r"discover\w*|test(?:s|ed)?|measur\w+|analy\w+|benchmark\w*|scor\w+|evaluat\w+|announc\w+|publish\w+|"
    r"releas\w+|rose|fell|detect\w*|confirm\w*|identif\w+|achiev\w+|percent|%)",
    re.IGNORECASE,
)
_TOLD: Final = frozenset({HappeningKind.SURVEY_OR_REPORT, HappeningKind.BENCHMARK_OR_RESEARCH})
_THINGS: Final = frozenset(
    {
        HappeningKind.LAUNCH,
        HappeningKind.UPDATE,
        HappeningKind.WARNING_OR_ADVISORY,
        HappeningKind.REVIEW_OR_DEAL,
    }
)
_OWN = re.compile(
    r"\b(?:we|our|us|the (?:company|firm|group|agency|team|department|court|findings|results|study|report|survey|"
    r"researchers|authors))\b",
    re.IGNORECASE,
)
# Words that put an answer off.
_WORD = re.compile(r"\w{3,}")
_PROMISES = re.compile(
    r"\W*(?:to (?:answer|solve|understand|find out|explain)\b|it['’ ]i?s (?:important|hard|difficult|easy)\b|"
    r"(?:first|now|next|well),? (?:let|back)\b|let['’]?s\b|"
    r"there (?:are|is) (?:\w+ ){0,3}(?:reasons?|ways?|answers?|things)\b)",
    re.IGNORECASE,
)
_ASKS_FOR_MORE = re.compile(
    r"\b(?:(?:other|more|further|any) (?:questions|information)|contact (?:you|us))\b", re.IGNORECASE
)
_WHO = re.compile(r"\W*(?:so |but |and )?(?:who|whom|whose)\b", re.IGNORECASE)
_WHEN = re.compile(r"\W*(?:so |but |and )?when\b", re.IGNORECASE)
_PARTIES: Final = frozenset({"PERSON", "ORG", "NORP", "GPE"})
_HEADS: Final = frozenset({"nsubj", "nsubjpass"})
_DATES: Final = frozenset({"DATE", "TIME"})
_ITEM = re.compile(r"\W*[-*•·–]\s")


def tells_news(document: Document, sentence: Sentence, kind: HappeningKind | None) -> bool:
    """Whether the sentence makes sense alone and tells what a story of this kind is about."""
    start = answer_start(document, sentence)
    text = document.text[start : sentence.end]
    if DEPENDENT.match(text) and not _DATED.match(text):
        return False
    if (
        sentence.text[:1].islower()
        or text.rstrip().endswith(":")
        or _GLUED.search(text)
        or not document.is_finite(sentence)
        or lacks_speaker(document, sentence)
    ):
        return False
    if kind in _TOLD:
        return _REPORTS.search(text) is not None
    if kind is HappeningKind.PROFILE_OR_INTERVIEW:
        return names_somebody(document, sentence) or _has(document, sentence, _PARTIES)
    root = _root(document, sentence)
    if root is None:
        return True
    if kind is HappeningKind.TREND_OR_ARGUMENT:
        helped = any(c.dep_ == "aux" for c in root.children)
        states = any(c.dep_ in _HEADS for c in root.children)
        return states and (helped or root.tag_ not in ("VBD", "VBN"))
    if kind in _THINGS:
        return True
    stands = root.lemma_ == "be" and not sentence.numbers and not _has(document, sentence, _DATES)
    return not stands or sentence.role == "title"


def names_somebody(document: Document, sentence: Sentence) -> bool:
    """Whether a person acts in the sentence."""
    heads = (t for t in document.tokens(sentence) if t.dep_ in _HEADS or t.head.dep_ in _HEADS)
    return any(t.ent_type_ == "PERSON" for t in heads)


def is_background(document: Document, sentence: Sentence) -> bool:
    """Whether the sentence tells of a time before the news."""
    root = _root(document, sentence)
    past = root is not None and any(c.dep_ in ("aux", "auxpass") and c.lower_ == "had" for c in root.children)
    return past or _BEFORE.search(sentence.text) is not None


def is_about(sentence: Sentence, subject: str | None) -> bool:
    """Whether the sentence names who acts, or speaks of its own house; true if nobody is known to act."""
    if subject is None:
        return True
    names = [word for word in _WORD.findall(subject) if word[0].isupper() or word[0].isdigit()]
    known = {*names[:1], *names[1:2]} if len(names) == 2 else set(names[:1])  # a first and a last name
    return _OWN.search(sentence.text) is not None or not names or any(name in sentence.text for name in known)


def answers_own(document: Document, question: Sentence, answer: Sentence) -> bool:
    """Whether the sentence after a question of the text speaks of what the question asks."""
    if answer.negated or _PROMISES.match(answer.text) or _ITEM.match(answer.text):
        return False
    if _ASKS_FOR_MORE.search(question.text):
        return False
    before = document.sentences[question.index - 1] if question.index else question
    if _ITEM.match(question.text) or (before is not question and before.text.rstrip("*_").endswith("?")):
        return False
    if _WHO.match(question.text) and not _has(document, answer, _PARTIES):
        return False
    if _WHEN.match(question.text) and not _has(document, answer, _DATES):
        return False
    asked = {t.lower_ for t in document.tokens(question) if t.pos_ == "PROPN" and t.text[0].isupper()}
    told = {t.lower_ for t in document.tokens(answer)}
    own = told & {"we", "our", "it", "they", "their", "its", "he", "she", "i"}
    return not asked or bool(asked & told) or bool(own)


def figure_that_answers(
    document: Document, sentence: Sentence, said: re.Pattern[str], *, brief: bool
) -> tuple[int, int] | None:
    """The characters of the statement that has the wording of an answer around its figure; None without one.

    If `brief`, only the figure with what it counts: of several the one with which the wording is complete.
    """
    places = [(at, statement_around(document, sentence, *at)) for at in sentence.numbers]
    fit = [(at, place) for at, place in places if place is not None and said.search(_form(document, place))]
    if not fit or not brief:
        return fit[0][1] if fit else None
    counted = [counted_noun(document, sentence, *at, fewest=2) or at for at, _ in fit]
    complete = (c for c in counted if said.search(_form(document, (sentence.start, c[1]))))
    return next(complete, counted[0])


def answer_start(document: Document, sentence: Sentence) -> int:
    """The offset of the sentence behind its dateline or connective."""
    behind = document.once(_dateline)[1]
    start = behind if sentence.start < behind < sentence.end else sentence.start
    second = DATELINE.match(document.text, start, sentence.end)
    start = second.end() if second and second.end() < sentence.end else start
    connective = _CONNECTS.match(document.text, start, sentence.end)
    return connective.end() if connective else start


def answer_in(document: Document, sentence: Sentence, said: re.Pattern[str] | None = None) -> tuple[int, int]:
    """The characters of the answer: the sentence, without the last clauses of a long one.

    What `said` finds stays.
    """
    start = answer_start(document, sentence)
    words = len(document.text[start : sentence.end].split())
    root = _root(document, sentence)
    if words <= MAX_WORDS or root is None or sentence.voice != DOCUMENT_VOICE:
        return start, sentence.end
    ends = [
        t.idx
        for t in document.tokens(sentence)
        if t.i > root.i and closes_statement(t) and _is_whole(document, start, t.idx)
    ]
    short = [end for end in ends if len(document.text[start:end].split()) <= MAX_WORDS]
    figures = max(
        (end for _, end in sentence.numbers), default=start
    )  # what is told is told with its figures
    short = [end for end in short if end >= figures]
    ends = [end for end in ends if end >= figures]
    place = (start, max(short) if short else min(ends, default=sentence.end))
    return place if said is None or said.search(_form(document, place)) else (start, sentence.end)


def _is_whole(document: Document, start: int, end: int) -> bool:
    words = document.text[start:end]
    pairs = words.count("(") == words.count(")") and words.count("“") == words.count("”")
    return pairs and len(words.split()) >= MIN_WORDS and words.count('"') % 2 == 0


def _form(document: Document, place: tuple[int, int]) -> str:
    return search_form(document.folded[slice(*place)])


def _root(document: Document, sentence: Sentence) -> "Token | None":
    return next((t for t in document.tokens(sentence) if t.dep_ == "ROOT"), None)


def _has(document: Document, sentence: Sentence, kinds: frozenset[str]) -> bool:
    return any(t.ent_type_ in kinds for t in document.tokens(sentence))


def _dateline(document: Document) -> tuple[int, int]:
    return dateline_of(document.text, document.article.body_start)
