"""Finds the questions that a story answers, each with the words that answer it.

They are the text's own questions, what happened, what its kind of news makes one ask, and how many, how much,
when and why, where a sentence of the news or of a central claim says so (`turned_questions.py`). Which sentences
answer, and which of their words, is checked in `answer_checks.py`.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from api.analysis.claims.claims import CentralClaim
from api.analysis.content.bad_news import tells_bad_news
from api.analysis.content.grounding import Grounding
from api.analysis.content.searchable import search_form
from api.analysis.content.summary import DEPENDENT, lacks_speaker
from api.analysis.prose.answer_checks import (
    answer_in,
    answers_own,
    figure_that_answers,
    is_about,
    is_background,
    names_somebody,
    tells_news,
)
from api.analysis.prose.answers import asked_of
from api.analysis.prose.turned_questions import UNFIT, how_many, when, why
from api.analysis.text.boilerplate import is_boilerplate
from api.analysis.text.document import DOCUMENT_VOICE, UNNAMED_VOICE, Document, Sentence
from api.analysis.text.spans import spans
from schemas.assessments import AnsweredQuestion, Happening
from schemas.enums import HappeningKind

MAX_ANSWERED: Final = 4
MAX_OWN: Final = 3
STEM: Final = 5  # letters
NEAR: Final = 2  # words shared with the news
FEWEST: Final = 2  # fewer, and the news is turned round
MAX_ANSWER: Final = 400  # characters
MIN_QUESTION_WORDS: Final = 4
MIN_STORY_WORDS: Final = 2
MIN_ANSWER_WORDS: Final = 6
MIN_TITLE_WORDS: Final = 6
_ASKS = re.compile(r"\W*(?:so|but|and)?,? ?(?:what|who|whom|whose|why|how|when|where|which)\b", re.IGNORECASE)
_POINTS_BACK = re.compile(
    r"^(?:unlike|like (?:that|this)|and|but|or|further|additionally|again)\b|\bhowever\b", re.IGNORECASE
)
_LABEL = re.compile(r"[:|?]|^(?:how|why|what|when|where|who|which)\b", re.IGNORECASE)
_UNTOLD: Final = frozenset({HappeningKind.HOW_TO_OR_REFERENCE, HappeningKind.NO_EVENT})
_OF_NEWS: Final = {
    HappeningKind.TREND_OR_ARGUMENT: "What does the text argue?",
    HappeningKind.PROFILE_OR_INTERVIEW: "Whom is the text about?",
    HappeningKind.WARNING_OR_ADVISORY: "What is the warning?",
    HappeningKind.LAUNCH: "What is new?",
    HappeningKind.UPDATE: "What is new?",
    HappeningKind.SURVEY_OR_REPORT: "What is reported?",
    HappeningKind.BENCHMARK_OR_RESEARCH: "What is reported?",
    HappeningKind.REVIEW_OR_DEAL: "What is it about?",
}
_NEWS_ONLY: Final = frozenset({HappeningKind.TREND_OR_ARGUMENT, HappeningKind.PROFILE_OR_INTERVIEW})
_HAPPENED: Final = "What happened?"
_ANNOUNCES = re.compile(
    r"\b(?:following|below|above)\b|\b(?:i|we)(?:['’]ll| will| want to| am going to| are going to)\b"
    r"(?: \w+){0,3} (?:introduce|explain|show|look|discuss|cover|describe|talk)\b",
    re.IGNORECASE,
)
_COUNTS = re.compile(r"\W*how (?:many|much)\b", re.IGNORECASE)
_SIZES = re.compile(r"How (?:many|much|large)\b|What is the price\b")


def questions_answered(
    document: Document,
    news: Sequence[Sentence],
    happening: Happening | None,
    claims: Sequence[CentralClaim],
    grounding: Grounding,
    *,
    sure: bool = True,
) -> list[AnsweredQuestion]:
    """At most four: the text's own questions, the news, what its kind makes one ask, and the news turned round.

    A sentence answers one question, but the news may be turned round besides. If the kind is not `sure`, only
    questions that their answers prove to be apt are asked of it.
    """
    kind = happening.kind if happening is not None else None
    found = _own_questions(document)
    told = _telling(document, news, kind, [c.sentence for c in claims])
    if told is not None and kind not in _UNTOLD and not found:
        asked = _OF_NEWS.get(kind, _HAPPENED) if kind and sure else _HAPPENED
        if kind is HappeningKind.PROFILE_OR_INTERVIEW and not names_somebody(document, told):
            asked = "What is the text about?"
        found.append(_answered(document, asked, answer_in(document, told)))
    subject = happening.subject if happening is not None else None
    found += _of_kind(document, kind, [c.sentence for c in claims], told, subject, sure=sure)
    if len(found) < FEWEST:
        near = [s for s in (told, *(c.sentence for c in claims)) if s and _is_of_title(document, s, kind)]
        answers = {q.answer for q in found[1:]}
        for turned in (how_many, when, why):
            questions = ((s, turned(document, s)) for s in near if _can_turn(s) and _flat(s) not in answers)
            turned_round = ((q, answer_in(document, s)) for s, q in questions if q and not UNFIT.search(q))
            found += [_answered(document, q, place) for q, place in turned_round][:1]
    return [q for q in found if not grounding.ungrounded(q.question)][:MAX_ANSWERED]


def _telling(
    document: Document, news: Sequence[Sentence], kind: HappeningKind | None, claims: Sequence[Sentence]
) -> Sentence | None:
    """The sentence of the news, or of a claim nearer to the title, that can stand alone; else the title."""
    title = _stems(document.article.title.split())
    shared = {s.index: len(title & _stems(document.content_words(s))) for s in (*news[-1:], *claims)}
    first = next((shared[s.index] for s in news[-1:]), 0)
    nearer = [
        s
        for s in claims
        if shared[s.index] >= max(first + NEAR, len(title) / 2) and not is_background(document, s)
    ]
    last = [] if kind in _NEWS_ONLY else claims[:1]
    for sentence in (*nearer[:1], *news[-1:], *document.sentences[:1], *last):
        text = sentence.text
        if not tells_news(document, sentence, kind) or len(text) > MAX_ANSWER or text.count('"') % 2:
            continue
        if _POINTS_BACK.search(text) or is_boilerplate(text) or is_background(document, sentence):
            continue
        bad = sentence.voice == DOCUMENT_VOICE and tells_bad_news(text)
        central = sentence in last and shared[sentence.index] > 0
        if sentence.role != "title" and (bad or central or _is_of_title(document, sentence, kind)):
            return sentence
        states = document.is_finite(sentence) and not _LABEL.search(text)
        if sentence.role == "title" and states and len(text.split()) >= MIN_TITLE_WORDS:
            return sentence
    return None


def _of_kind(
    document: Document,
    kind: HappeningKind | None,
    claims: Sequence[Sentence],
    told: Sentence | None,
    subject: str | None,
    *,
    sure: bool,
) -> list[AnsweredQuestion]:
    """What this kind of happening makes one ask, and the sentence nearest to the news that answers it.

    Those that share words with the title or the news come first. If the news itself answers, only its figure is
    told again.
    """
    body = list(document.body_sentences())
    topic = _stems([*document.article.title.split(), *(document.content_words(told) if told else ())])
    shared = {s.index: len(topic & _stems(document.content_words(s))) for s in body}
    found = (
        s
        for s in {*claims, *body[: 2 * len(body) // 3]} - {told}
        if _can_answer(document, s) and not is_background(document, s)
    )
    ranked = sorted(found, key=lambda s: (-shared.get(s.index, 0), s.index))
    forms = {s.index: search_form(document.folded[s.start : s.end]) for s in ranked}
    news = told if told is not None and _can_answer(document, told) else None
    told_form = search_form(document.folded[news.start : news.end]) if news else ""
    answered: list[AnsweredQuestion] = []
    for question, near, said in asked_of(kind):
        if near and not sure:
            continue
        fit = (
            s
            for s in ranked
            if s.index in forms
            and (not near or ((shared[s.index] >= NEAR or s in claims) and is_about(s, subject)))
        )
        answer = next((s for s in fit if said.search(forms[s.index])), None)
        if news is not None and said.search(told_form):
            brief = _SIZES.match(question) is not None
            place = figure_that_answers(document, news, said, brief=True) if brief else None
            if "old and the new" in question:
                place = answer_in(document, news, said)
        elif answer is not None:
            del forms[answer.index]
            place = figure_that_answers(document, answer, said, brief=False)
            place = place or answer_in(document, answer, said)
        else:
            place = None
        if place is not None:
            answered.append(_answered(document, question, place))
    return answered


def _stems(words: Iterable[str]) -> frozenset[str]:
    """The first letters of the words, which their forms share."""
    return frozenset(word.lower()[:STEM] for word in words if len(word) >= STEM)


def _can_answer(document: Document, sentence: Sentence) -> bool:
    """Whether the sentence is whole, makes sense alone and is told by the document."""
    text = sentence.text
    return (
        sentence.voice == DOCUMENT_VOICE
        and sentence.role != "title"
        and len(text.split()) >= MIN_ANSWER_WORDS
        and len(text) <= MAX_ANSWER
        and text[:1].isupper()
        and text.endswith(".")
        and document.is_finite(sentence)
        and not lacks_speaker(document, sentence)
        and (text.startswith("Instead of") or not DEPENDENT.match(text))
        and not _POINTS_BACK.search(text)
        and not is_boilerplate(text)
    )


def _is_of_title(document: Document, sentence: Sentence, kind: HappeningKind | None) -> bool:
    """Whether the sentence tells what the title says; of a thesis one word suffices."""
    title = document.article.title.lower().split()
    repeated = {w for w in document.content_words(sentence) if any(t.startswith(w[:STEM]) for t in title)}
    fewest = 1 if kind is HappeningKind.TREND_OR_ARGUMENT else MIN_STORY_WORDS
    return len(repeated) >= fewest or not title


def _flat(sentence: Sentence) -> str:
    return " ".join(sentence.text.split())


def _answered(document: Document, question: str, place: tuple[int, int]) -> AnsweredQuestion:
    return AnsweredQuestion(
        question=" ".join(question.split()),
        answer=" ".join(document.text[slice(*place)].split()),
        spans=spans(document.text, *place),
    )


def _own_questions(document: Document) -> list[AnsweredQuestion]:
    """Questions in the document's voice: headings, and those whose words the next sentence repeats."""
    return [
        _answered(
            document, _asked_of(answer.voice, sentence.text.strip("*-•·–_ ")), answer_in(document, answer)
        )
        for sentence, answer in pairwise(document.body_sentences())
        if sentence.text.rstrip("*_").endswith("?")
        and _ASKS.match(sentence.text)
        and sentence.voice == DOCUMENT_VOICE
        and answer.voice != UNNAMED_VOICE
        and len(sentence.text.split()) >= MIN_QUESTION_WORDS
        and answer.text.endswith(".")
        and answer.text[:1].isupper()
        and len(answer.text) <= MAX_ANSWER
        and not _ANNOUNCES.search(answer.text)
        and (answer.numbers or not _COUNTS.match(sentence.text))
        and not is_boilerplate(answer.text)
        and not is_boilerplate(sentence.text)
        and answers_own(document, sentence, answer)
        and (_is_heading(document, sentence, answer) or _repeats(document, sentence, answer))
    ][:MAX_OWN]


def _asked_of(voice: str, question: str) -> str:
    """The question, with whom it is put to if that is not the document: "To Ada Roe: Why did you sell?"."""
    return question if voice == DOCUMENT_VOICE else f"To {voice}: {question}"


def _is_heading(document: Document, sentence: Sentence, answer: Sentence) -> bool:
    """Whether the question is a line of its own, above an answer of some length."""
    before = document.text[max(0, sentence.start - 2) : sentence.start]
    between = document.text[sentence.end : answer.start]
    return "\n" in before and "\n" in between and len(answer.text.split()) >= MIN_ANSWER_WORDS


def _repeats(document: Document, sentence: Sentence, answer: Sentence) -> bool:
    asked = frozenset(document.content_words(sentence))
    own = answer.voice == DOCUMENT_VOICE
    return own and len(asked) >= MIN_STORY_WORDS and bool(asked & frozenset(document.content_words(answer)))


def _can_turn(sentence: Sentence) -> bool:
    """Whether the sentence states something in words of the document."""
    return (
        sentence.voice == DOCUMENT_VOICE
        and sentence.text.endswith(".")
        and not sentence.negated
        and len(sentence.text) <= MAX_ANSWER
        and not is_boilerplate(sentence.text)
    )
