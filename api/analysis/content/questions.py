"""Finds the questions that a story answers, each with the sentence that answers it.

They are the text's own questions, what happened, and how many, how much, when and why, where a sentence of the
news or of a central claim says so. Such a question is the sentence turned round by the parse; sentences that do
not turn (pronouns, denials, quotations, several verbs before the figure) give none.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from api.analysis.claims.claims import CentralClaim
from api.analysis.content.answers import asked_of
from api.analysis.content.grounding import Grounding
from api.analysis.content.searchable import search_form
from api.analysis.content.summary import DEPENDENT
from api.analysis.text.boilerplate import is_boilerplate
from api.analysis.text.datelines import dateline_of
from api.analysis.text.document import DOCUMENT_VOICE, UNNAMED_VOICE, Document, Sentence
from api.analysis.text.names import within_sentence
from api.analysis.text.spans import spans
from schemas.assessments import AnsweredQuestion, Happening
from schemas.enums import HappeningKind

if TYPE_CHECKING:
    from spacy.tokens import Token

MAX_ANSWERED: Final = 4
MAX_OWN: Final = 3
STEM: Final = 5  # letters
NEAR: Final = 2  # words shared with the news
FEWEST: Final = 2  # fewer, and the news is turned round
MAX_ANSWER: Final = 400  # characters
MIN_QUESTION_WORDS: Final = 4
MIN_STORY_WORDS: Final = 2
MAX_SUBJECT: Final = 8  # words
MAX_OBJECT: Final = 9
MAX_PREDICATE: Final = 16
MIN_ANSWER_WORDS: Final = 6
_ASKS = re.compile(r"\W*(?:so|but|and)?,? ?(?:what|who|whom|whose|why|how|when|where|which)\b", re.IGNORECASE)
_UNFIT = re.compile(r"[“”\"()\[\]<>|\n;:]")
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
_HAPPENED: Final = "What happened?"
_WHEN: Final = {
    "on": "When", "in": "When", "at": "When", "after": "When", "by": "By when", "from": "From when",
    "until": "Until when", "since": "Since when",
}  # fmt: skip
_DOUBLES = re.compile(r"[^aeiou]{1,3}[aeiou][^aeiouwxy]", re.IGNORECASE)  # its last letter, before "-ed"
_ANNOUNCES = re.compile(
    r"\b(?:following|below|above)\b|\b(?:i|we)(?:['’]ll| will| want to| am going to| are going to)\b"
    r"(?: \w+){0,3} (?:introduce|explain|show|look|discuss|cover|describe|talk)\b",
    re.IGNORECASE,
)
_COUNTS = re.compile(r"\W*how (?:many|much)\b", re.IGNORECASE)
_THIS: Final = frozenset({"this", "that", "these", "those", "such", "both", "another", "other"})
_OBJECTS: Final = frozenset({"dobj", "attr", "acomp", "oprd"})
_EACH: Final = frozenset({"each", "every", "per", "annually"})  # how often, not when
_DO: Final = {"VBD": "did", "VBZ": "does", "VBP": "do"}


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
    told = _telling(document, news, kind)
    if told is not None and kind not in _UNTOLD and not found:
        asked = _OF_NEWS.get(kind, _HAPPENED) if kind and sure else _HAPPENED
        found.append(_answered(document, asked, told))
    found += _of_kind(document, kind, [c.sentence for c in claims], told, sure=sure)
    if len(found) < FEWEST:
        near = [s for s in (told, *(c.sentence for c in claims)) if s and _is_of_title(document, s, kind)]
        answers = {q.answer for q in found[1:]}
        for turned in (_how_many, _when, _why):
            questions = ((s, turned(document, s)) for s in near if _can_turn(s) and _flat(s) not in answers)
            found += [_answered(document, q, s) for s, q in questions if q and not _UNFIT.search(q)][:1]
    return [q for q in found if not grounding.ungrounded(q.question)][:MAX_ANSWERED]


def _telling(document: Document, news: Sequence[Sentence], kind: HappeningKind | None) -> Sentence | None:
    """The sentence of the news that can stand alone, else the title if it states something."""
    for sentence in (*news[-1:], *document.sentences[:1]):
        text = sentence.text
        if len(text) > MAX_ANSWER or _POINTS_BACK.search(text) or text.count('"') % 2:
            continue
        if sentence.role != "title" and _is_of_title(document, sentence, kind):
            return sentence
        if sentence.role == "title" and document.is_finite(sentence) and not _LABEL.search(sentence.text):
            return sentence
    return None


def _of_kind(
    document: Document,
    kind: HappeningKind | None,
    claims: Sequence[Sentence],
    told: Sentence | None,
    *,
    sure: bool,
) -> list[AnsweredQuestion]:
    """What this kind of happening makes one ask, and the sentence nearest to the news that answers it.

    Those that share words with the title or the news come first; the news itself is asked once, if nothing else
    answers.
    """
    body = list(document.body_sentences())
    topic = _stems([*document.article.title.split(), *(document.content_words(told) if told else ())])
    shared = {s.index: len(topic & _stems(document.content_words(s))) for s in body}
    found = (s for s in {*claims, *body[: 2 * len(body) // 3]} - {told} if _can_answer(document, s))
    ranked = sorted(found, key=lambda s: (-shared.get(s.index, 0), s.index))
    forms = {s.index: search_form(document.folded[s.start : s.end]) for s in ranked}
    news = told if told is not None and _can_answer(document, told) else None
    told_form = search_form(document.folded[news.start : news.end]) if news else ""
    answered: list[AnsweredQuestion] = []
    for question, near, said in asked_of(kind):
        if near and not sure:
            continue
        fit = (s for s in ranked if s.index in forms and (not near or shared[s.index] >= NEAR))
        answer = next((s for s in fit if said.search(forms[s.index])), None)
        if news and not near and said.search(told_form) and (answer is None or shared[answer.index] < NEAR):
            answer, news = news, None
        elif answer is not None:
            del forms[answer.index]
        if answer is not None:
            answered.append(_answered(document, question, answer))
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


def _answered(document: Document, question: str, sentence: Sentence) -> AnsweredQuestion:
    return AnsweredQuestion(
        question=" ".join(question.split()),
        answer=_flat(sentence),
        spans=spans(document.text, sentence.start, sentence.end),
    )


def _own_questions(document: Document) -> list[AnsweredQuestion]:
    """Questions in the document's voice: headings, and those whose words the next sentence repeats."""
    return [
        _answered(document, _asked_of(answer.voice, sentence.text.strip("*-•·–_ ")), answer)
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


def _how_many(document: Document, sentence: Sentence) -> str | None:
    """The question for the number of the sentence's subject or object."""
    clause = _clause(document, sentence)
    if clause is None:
        return None
    verb, subject = clause
    if (counted := _counted(document, subject)) is not None:
        upto = _end(document, sentence)
        predicate = document.text[_after(subject) : upto].strip()
        if subject.left_edge.i == sentence.first and 1 < len(predicate.split()) <= MAX_PREDICATE:
            return f"How many {counted} {predicate}?"
    noun = next((c for c in verb.children if c.dep_ == "dobj"), None)
    if noun is None:
        return None
    if any(c.text in "$€£" for c in noun.subtree) and noun.ent_type_ == "MONEY":
        return _turned(document, "How much", verb, subject, with_object=False)
    counted = _counted(document, noun)
    return _turned(document, f"How many {counted}", verb, subject, with_object=False) if counted else None


def _when(document: Document, sentence: Sentence) -> str | None:
    """The question for the date of the sentence's verb."""
    clause = _clause(document, sentence)
    if clause is None:
        return None
    verb, subject = clause
    for child in verb.children:
        if any(t.lower_ in _EACH for t in child.subtree):
            continue
        if child.dep_ == "npadvmod" and child.ent_type_ == "DATE":
            return _turned(document, "When", verb, subject, with_object=True)
        dated = any(c.dep_ == "pobj" and c.ent_type_ == "DATE" for c in child.children)
        if child.dep_ == "prep" and dated and child.lower_ in _WHEN:
            return _turned(document, _WHEN[child.lower_], verb, subject, with_object=True)
    return None


def _why(document: Document, sentence: Sentence) -> str | None:
    """The question for a reason that follows "because"."""
    clause = _clause(document, sentence)
    if clause is None:
        return None
    verb, subject = clause
    reasons = (c for c in verb.children if c.dep_ in ("advcl", "prep") and c.i > verb.i)
    given = any(
        c.lower_ == "because" or any(m.lower_ == "because" and m.dep_ == "mark" for m in c.children)
        for c in reasons
    )
    return _turned(document, "Why", verb, subject, with_object=True) if given else None


def _clause(document: Document, sentence: Sentence) -> "tuple[Token, Token] | None":
    """The sentence's main verb and its subject; None if that points elsewhere, or the verb governs another."""
    root = next(
        (t for t in document.tokens(sentence) if t.dep_ == "ROOT" and t.pos_ in ("VERB", "AUX")), None
    )
    if root is None or any(c.dep_ in ("expl", "ccomp", "xcomp") or c.lower_ == "had" for c in root.children):
        return None
    subject = next((c for c in root.children if c.dep_ in ("nsubj", "nsubjpass") and c.i < root.i), None)
    if subject is None or subject.pos_ not in ("NOUN", "PROPN") or not _agree(root, subject):
        return None
    low, high = dateline_of(document.text, document.article.body_start)
    if low <= subject.left_edge.idx < high:
        return None
    return None if any(t.pos_ == "PRON" or t.lower_ in _THIS for t in subject.subtree) else (root, subject)


def _agree(verb: "Token", subject: "Token") -> bool:
    """Whether the number of the verb fits that of the subject, as far as it shows."""
    plural = subject.tag_ in ("NNS", "NNPS") or any(c.dep_ == "conj" for c in subject.children)
    return verb.tag_ in ("VBD", "VBN", "VB") or verb.tag_ == ("VBP" if plural else "VBZ")


def _counted(document: Document, noun: "Token") -> str | None:
    """The noun in the plural with what belongs to it, without its number; None if it has none."""
    number = next((c for c in noun.lefts if c.dep_ == "nummod"), None)
    if number is None or noun.tag_ not in ("NNS", "NNPS") or number.ent_type_ in ("MONEY", "PERCENT", "DATE"):
        return None
    words = document.text[_after_word(number) : _after(noun)].strip()
    return words if 0 < len(words.split()) <= MAX_OBJECT else None


def _turned(
    document: Document, asks: str, verb: "Token", subject: "Token", *, with_object: bool
) -> str | None:
    """The clause as a question; None if it does not turn."""
    helpers = [
        c for c in verb.children if c.dep_ in ("aux", "auxpass") and c.i > subject.i and c.lower_ != "to"
    ]
    parts = [c for c in verb.children if c.dep_ == "prt"]
    if with_object:
        parts += [c for c in verb.children if c.dep_ in _OBJECTS and c.i > verb.i]
    parts += [c for c in verb.children if c.dep_ == "dative" and c.i > verb.i]
    who = _words(document, subject)
    rest = [_words(document, part) for part in sorted(parts, key=lambda t: t.i)]
    if who is None or None in rest or len(who.split()) > MAX_SUBJECT:
        return None
    if sum(len((words or "").split()) for words in rest) > MAX_OBJECT:
        return None
    is_name = subject.left_edge.pos_ == "PROPN"
    who = within_sentence(who) if is_name else f"{who[:1].lower()}{who[1:]}"
    if helpers:
        said = [helpers[0].text, who, *(h.text for h in helpers[1:]), verb.text]
    elif verb.pos_ == "AUX":
        said = [verb.text, who]
    elif verb.tag_ in _DO:
        said = [_DO[verb.tag_], who, _base(verb)]
    else:
        return None
    return " ".join([asks, *said, *(words for words in rest if words)]) + "?"


def _base(verb: "Token") -> str:
    """The infinitive; that of "fined" is taken for "fin", though "finned" would be its past."""
    stem = verb.lemma_
    return f"{stem}e" if verb.lower_ == f"{stem}ed" and _DOUBLES.fullmatch(stem) else stem


def _words(document: Document, token: "Token") -> str | None:
    """All that belongs to the token, as written; None with a clause of its own or marks in it."""
    if any(t.dep_ in ("relcl", "acl", "advcl", "appos", "conj") for t in token.subtree if t.i != token.i):
        return None
    words = document.text[token.left_edge.idx : _after(token)]
    if document.text[_after(token) :][:1] in ("-", "/", "–"):
        return None
    return None if _UNFIT.search(words) or "," in words else words


def _after(token: "Token") -> int:
    """The offset after the last word that belongs to the token."""
    return _after_word(token.right_edge)


def _after_word(token: "Token") -> int:
    return token.idx + len(token.text)


def _end(document: Document, sentence: Sentence) -> int:
    """The offset of the sentence's closing mark."""
    last = sentence.last - 1
    while last > sentence.first and document.doc[last].pos_ in ("PUNCT", "SPACE"):
        last -= 1
    return _after_word(document.doc[last])
